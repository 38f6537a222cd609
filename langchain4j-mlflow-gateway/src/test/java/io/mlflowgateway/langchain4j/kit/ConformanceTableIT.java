package io.mlflowgateway.langchain4j.kit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** The documentation says how the kit ran. With {@code -Dregenerate=true} the page is written anew. */
@Isolated("after all suites: what they noted is read")
class ConformanceTableIT {

    private static final int CASES = 110;
    private static final Path PAGE = Path.of("..", "docs", "conformance.md");

    @Test
    void the_page_says_how_every_suite_ran_and_why_what_was_not_run() throws IOException {
        List<SuiteResult> results = new ArrayList<>();
        for (Suite suite : Suite.ALL) {
            results.add(SuiteResult.read(suite, SuiteNotes.FOLDER));
        }
        ConformancePage page = new ConformancePage(results);
        if (Boolean.getBoolean("regenerate")) {
            Files.writeString(PAGE, page.text());
        }

        System.out.println(page.summary());

        assertThat(suitesRun())
                .containsExactlyInAnyOrderElementsOf(
                        Suite.ALL.stream().map(Suite::ourName).toList());
        assertThat(page.unexplained()).isEmpty();
        assertThat(page.total(result -> result.count(Note.Kind.FAILED))).isZero();
        assertThat(page.total(SuiteResult::run))
                .as("cases of the kit that were run")
                .isGreaterThanOrEqualTo(CASES);
        assertThat(Files.readString(PAGE))
                .as("out of date; verify with -Dregenerate=true writes it")
                .isEqualTo(page.text());
    }

    private static List<String> suitesRun() throws IOException {
        try (Stream<Path> files = Files.list(SuiteNotes.FOLDER)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith("KitIT.tsv"))
                    .map(name -> name.replace(".tsv", ""))
                    .toList();
        }
    }
}
