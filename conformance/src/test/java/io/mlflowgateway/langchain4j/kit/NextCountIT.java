package io.mlflowgateway.langchain4j.kit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** How the kit of the next release ran. */
@Isolated("after all suites: what they noted is read")
class NextCountIT {

    private static final int CASES = 110;

    @Test
    void the_cases_run_on_the_next_release_as_well() throws IOException {
        List<Suite> suites = Stream.concat(
                        Suite.ALL.stream(),
                        Stream.of(
                                new Suite(AsyncChatModelKitIT.class),
                                new Suite(PublisherStreamingChatModelKitIT.class)))
                .toList();
        List<SuiteResult> results = new ArrayList<>();
        for (Suite suite : suites) {
            results.add(SuiteResult.read(suite, SuiteNotes.FOLDER));
        }
        ConformancePage page = new ConformancePage(results);

        System.out.println("on the next release, " + page.summary());

        assertThat(page.total(SuiteResult::run)).isGreaterThanOrEqualTo(CASES);
        assertThat(page.total(result -> result.count(Note.Kind.FAILED))).isZero();
    }
}
