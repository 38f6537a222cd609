package io.mlflowgateway.samples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.mlflowgateway.samples.docs.DocsChecks;
import io.mlflowgateway.samples.docs.MarkdownFile;
import io.mlflowgateway.samples.docs.ParentPom;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The documentation says what is: no block without a check, no stale copy, no dead link. {@link DocsIT} runs the rest. */
class DocsTest {
    private final List<MarkdownFile> pages = MarkdownFile.all();

    @TestFactory
    Stream<DynamicTest> every_block_names_its_check() {
        return blocks().map(block -> dynamicTest(
                block.place(), () -> assertThat(DocsChecks.ofKind(block)).isEmpty()));
    }

    @TestFactory
    Stream<DynamicTest> what_is_cut_from_a_file_is_what_the_file_says() {
        return blocks().filter(block -> block.kind().equals("from"))
                .map(block -> dynamicTest(
                        block.place(), () -> assertThat(block.text()).isEqualTo(DocsChecks.source(block))));
    }

    @TestFactory
    Stream<DynamicTest> links_lead_somewhere() {
        return pages.stream()
                .map(page -> dynamicTest(
                        page.path().getFileName().toString(),
                        () -> assertThat(DocsChecks.brokenLinks(page)).isEmpty()));
    }

    @TestFactory
    Stream<DynamicTest> java_shown_links_to_the_file_it_is_cut_from() {
        return pages.stream()
                .flatMap(page -> page.blocks().stream()
                        .filter(block -> block.kind().equals("from"))
                        .filter(block -> block.language().equals("java"))
                        .map(block -> dynamicTest(
                                block.place(),
                                () -> assertThat(DocsChecks.linksSource(page, block))
                                        .isTrue())));
    }

    @TestFactory
    Stream<DynamicTest> dependencies_shown_have_the_versions_this_project_is_built_with() throws Exception {
        ParentPom pom = ParentPom.read();
        return blocks().filter(block -> block.kind().equals("dependency"))
                .map(block -> dynamicTest(
                        block.place(),
                        () -> assertThat(ParentPom.dependencies(block.text()))
                                .isNotEmpty()
                                .allSatisfy(shown -> assertThat(shown.version())
                                        .as(shown.artifact())
                                        .isNotEmpty()
                                        .isEqualTo(pom.versionOf(shown)))));
    }

    @Test
    void the_quickstart_shows_the_client_as_a_dependency() throws Exception {
        String shown = blocks().filter(block -> block.kind().equals("dependency"))
                .map(MarkdownFile.Block::text)
                .collect(Collectors.joining());

        assertThat(ParentPom.dependencies(shown))
                .extracting(ParentPom.Coordinates::group, ParentPom.Coordinates::artifact)
                .contains(tuple("io.mlflowgateway", "langchain4j-mlflow-gateway"));
    }

    @Test
    void the_pages_that_must_be_there_are() {
        assertThat(pages)
                .extracting(page -> MarkdownFile.ROOT.relativize(page.path()).toString())
                .contains(
                        "README.md",
                        "CHANGELOG.md",
                        "CONTRIBUTING.md",
                        Path.of("docs", "quickstart.md").toString(),
                        Path.of("docs", "chat.md").toString(),
                        Path.of("docs", "streaming.md").toString(),
                        Path.of("docs", "embeddings.md").toString(),
                        Path.of("docs", "async.md").toString(),
                        Path.of("docs", "errors.md").toString(),
                        Path.of("docs", "fallback.md").toString(),
                        Path.of("docs", "databricks.md").toString(),
                        Path.of("docs", "testing.md").toString(),
                        Path.of("docs", "configuration.md").toString(),
                        Path.of("docs", "routing.md").toString(),
                        Path.of("docs", "http-api.md").toString(),
                        Path.of("docs", "providers.md").toString(),
                        Path.of("docs", "operations.md").toString(),
                        Path.of("docs", "reliability.md").toString(),
                        Path.of("docs", "migration.md").toString(),
                        Path.of("docs", "architecture.md").toString());
    }

    private Stream<MarkdownFile.Block> blocks() {
        return pages.stream().flatMap(page -> page.blocks().stream());
    }
}
