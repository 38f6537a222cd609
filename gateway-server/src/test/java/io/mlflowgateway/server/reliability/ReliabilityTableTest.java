package io.mlflowgateway.server.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.server.testing.GeneratedFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Every row is shown by a test, and the document says so. With {@code -Dregenerate=true} it is written with the figures
 * the last runs left behind; where they left none, those it has stay.
 */
class ReliabilityTableTest {
    private static final List<Proof> PROOFS = Proofs.below("io.mlflowgateway.server").stream()
            .filter(proof -> !proof.testClass().equals("PlantedProofs"))
            .toList();
    private static final ReliabilityPage PAGE = new ReliabilityPage(List.of(Row.values()), PROOFS);
    private static final Path DOCUMENT = Path.of("..", "docs", "reliability.md");

    @Test
    void every_row_is_shown_by_tests_named_after_it() {
        assertThat(PAGE.problems()).isEmpty();
    }

    @Test
    void the_document_names_these_rows_and_tests_and_has_a_figure_for_each_row() throws IOException {
        Map<String, String> figures = ReliabilityPage.figures(Files.exists(DOCUMENT) ? Files.readString(DOCUMENT) : "");
        if (Boolean.getBoolean("regenerate")) {
            figures.putAll(lastSeen());
        }

        GeneratedFile.mustHold("docs/reliability.md", PAGE.text(figures));

        assertThat(PAGE.withoutFigure(figures))
                .as("no figure: run the tests, then this one with -Dregenerate=true")
                .isEmpty();
    }

    private static Map<String, String> lastSeen() throws IOException {
        Map<String, String> figures = new HashMap<>();
        for (Proof proof : PROOFS) {
            Path seen = Figures.FOLDER.resolve(proof.row().name()).resolve(proof.method() + ".txt");
            if (Files.exists(seen)) {
                figures.put(proof.name(), ReliabilityPage.asCell(Files.readString(seen)));
            }
        }
        return figures;
    }
}
