package io.mlflowgateway.server.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReliabilityPageTest {
    private static final Proof GOOD = new Proof(Row.BIND, "ATest", "bind_is_loopback", true, false);
    private static final Proof NIGHTLY = new Proof(Row.BIND, "BIT", "bind_by_night", true, true);

    @Test
    void marked_methods_are_found_with_what_they_are() {
        List<Proof> found = Proofs.below("io.mlflowgateway.server.reliability").stream()
                .filter(proof -> proof.testClass().equals("PlantedProofs"))
                .toList();

        assertThat(found)
                .containsExactly(
                        new Proof(Row.BIND, "PlantedProofs", "bind_is_a_nightly_parameterized_test", true, true),
                        new Proof(Row.BIND, "PlantedProofs", "bind_is_a_test", true, false),
                        new Proof(Row.BIND, "PlantedProofs", "bind_is_disabled", false, false),
                        new Proof(Row.BIND, "PlantedProofs", "bind_is_no_test", false, false));
    }

    @Test
    void a_row_without_a_test_and_a_waiting_row_with_one_are_problems() {
        Proof early = new Proof(Row.API_KEYS, "ATest", "api_keys_are_hashed", true, false);

        assertThat(page(GOOD).problems()).isEmpty();
        assertThat(page().problems()).containsExactly("BIND: no test shows it");
        assertThat(page(GOOD, early).problems())
                .containsExactly("API_KEYS: a test shows it, so it does not wait any more");
    }

    @Test
    void a_test_named_otherwise_or_never_run_or_named_twice_is_a_problem() {
        Proof misnamed = new Proof(Row.BIND, "ATest", "binding_is_loopback", true, false);
        Proof asleep = new Proof(Row.BIND, "ATest", "bind_is_asleep", false, false);
        Proof twin = new Proof(Row.BIND, "BTest", GOOD.method(), true, false);

        assertThat(page(misnamed).problems()).singleElement().asString().contains("does not begin with its row's");
        assertThat(page(asleep).problems()).singleElement().asString().contains("no test, or is disabled");
        assertThat(page(GOOD, twin).problems()).singleElement().asString().contains("same figures");
    }

    @Test
    void the_document_shows_each_test_with_its_figure_and_what_waits() {
        String text = page(GOOD, NIGHTLY).text(Map.of("ATest.bind_is_loopback", "127.0.0.1"));

        assertThat(text)
                .contains("| " + Row.BIND.fault() + " | " + Row.BIND.expected()
                        + " | `ATest.bind_is_loopback` | 127.0.0.1 |\n| | | `BIT.bind_by_night` (nightly) | – |\n")
                .contains("## Not yet")
                .contains("| " + Row.API_KEYS.fault() + " | " + Row.API_KEYS.expected()
                        + " | when callers have keys |\n");
    }

    @Test
    void figures_of_a_document_are_read_back_as_they_were_written() {
        Map<String, String> figures =
                Map.of("ATest.bind_is_loopback", ReliabilityPage.asCell("a|b <c>\n& 1 | 2"), "BIT.bind_by_night", "x");

        String text = page(GOOD, NIGHTLY).text(figures);

        assertThat(ReliabilityPage.figures(text)).isEqualTo(figures);
        assertThat(text).contains("a\\|b &lt;c> &amp; 1 \\| 2");
    }

    @Test
    void a_row_lacks_a_figure_when_none_of_its_tests_has_one() {
        ReliabilityPage page = page(GOOD, NIGHTLY);

        assertThat(page.withoutFigure(Map.of())).containsExactly(Row.BIND);
        assertThat(page.withoutFigure(Map.of(NIGHTLY.name(), "x"))).isEmpty();
    }

    private static ReliabilityPage page(Proof... proofs) {
        return new ReliabilityPage(List.of(Row.BIND, Row.API_KEYS), List.of(proofs));
    }
}
