package io.mlflowgateway.langchain4j.kit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConformancePageTest {

    @Test
    void cases_are_counted_by_what_became_of_them() {
        ConformancePage page = page(
                new Note(Note.Kind.PASSED, "one", ""),
                new Note(Note.Kind.PASSED, "one", ""),
                new Note(Note.Kind.FAILED, "two", ""),
                new Note(Note.Kind.SKIPPED, "three", "is asleep"));

        assertThat(page.summary()).contains("3 cases", "2 passed", "1 skipped");
        assertThat(page.text())
                .contains("| `AbstractAiServiceIT` | `AiServiceKitIT` | 3 | 2 | 1 |\n")
                .contains("| `AiServiceKitIT` | `three` | is asleep |\n");
    }

    @Test
    void what_is_off_or_skipped_without_a_reason_is_named() {
        ConformancePage page = page(
                new Note(Note.Kind.OFF, "supportsNothing", ""),
                new Note(Note.Kind.OFF, "supportsLittle", "as it is small"),
                new Note(Note.Kind.SKIPPED, "three", " "));

        assertThat(page.unexplained()).containsExactly("AiServiceKitIT.supportsNothing", "AiServiceKitIT.three");
    }

    static class Published {
        protected boolean supportsThis() {
            return true;
        }

        protected boolean supportsThat(Object model) {
            return false;
        }

        protected boolean assertMore() {
            return true;
        }
    }

    static final class Own extends Published {
        @Override
        @Because("more is less")
        protected boolean assertMore() {
            return false;
        }
    }

    @Test
    void switches_that_are_off_are_found_with_their_reasons_also_where_the_kit_turns_them_off() {
        assertThat(Switches.of(new Own()))
                .hasSize(2)
                .containsEntry("assertMore", "more is less")
                .containsEntry("supportsThat", "");
    }

    private static ConformancePage page(Note... notes) {
        List<Note> read = Arrays.stream(notes).map(Note::line).map(Note::read).toList();
        return new ConformancePage(List.of(new SuiteResult(new Suite(AiServiceKitIT.class), read)));
    }
}
