package io.mlflowgateway.samples.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlflowgateway.samples.process.Children;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The tools that hold the documentation to its word can fail. */
class DocsToolsTest {
    @TempDir
    Path folder;

    @Test
    void a_block_without_a_comment_is_found() throws IOException {
        MarkdownFile page = page("text\n\n```java\nint x;\n```\n");

        assertThat(page.blocks()).hasSize(1);
        assertThat(DocsChecks.ofKind(page.blocks().get(0))).isPresent();
    }

    @Test
    void a_comment_that_is_no_check_of_this_language_is_found() throws IOException {
        MarkdownFile page = page("<!-- config -->\n```java\nint x;\n```\n<!-- nonsense -->\n```yaml\na: 1\n```\n");

        assertThat(page.blocks())
                .hasSize(2)
                .allMatch(block -> DocsChecks.ofKind(block).isPresent());
    }

    @Test
    void dead_links_and_anchors_are_found_and_good_ones_are_not() throws IOException {
        MarkdownFile page = page("# A heading: here\n[a](missing.md) [b](#nowhere) [c](#a-heading-here) [d](page.md)\n"
                + "[e](page.md#a-heading-here) [f](https://example.com)\n```\n[g](gone.md)\n```\n");

        assertThat(DocsChecks.brokenLinks(page)).containsExactly("missing.md", "#nowhere");
    }

    @Test
    void a_region_is_moved_to_the_margin_and_loses_inner_tags() throws IOException {
        Path source = Files.writeString(
                folder.resolve("A.java"),
                "x\n    // tag::a[]\n    one\n      // tag::b[]\n      two\n\n      // end::b[]\n    // end::a[]\ny\n");

        assertThat(Region.read(source + "#a")).isEqualTo("one\n  two");
        assertThat(Region.read(source + "#b")).isEqualTo("two");
        assertThatThrownBy(() -> Region.read(source + "#c")).isInstanceOf(IOException.class);
    }

    @Test
    void java_is_shown_with_the_imports_it_uses_and_ready_to_run() throws IOException {
        Path source = Files.writeString(
                folder.resolve("A.java"), "import a.b.Used;\nimport a.b.Unused;\nimport c.PrintStream;\nclass A {}\n");

        assertThat(ShownJava.of(source, "new Used().baseUrl(gateway);\nout.println(1);"))
                .isEqualTo(
                        "import a.b.Used;\n\nnew Used().baseUrl(\"http://127.0.0.1:5000\");\nSystem.out.println(1);");
        assertThat(ShownJava.of(source, "int f(String gateway) {\n    baseUrl(gateway);\n}"))
                .isEqualTo("int f(String gateway) {\n    baseUrl(gateway);\n}");
    }

    @Test
    void java_without_a_link_to_its_file_is_found() throws IOException {
        String block = "<!-- from: README.md#x -->\n```java\nint x;\n```\n";
        MarkdownFile without = page(block);
        MarkdownFile with =
                page("[the file](" + folder.relativize(MarkdownFile.ROOT.resolve("README.md")) + ")\n" + block);

        assertThat(DocsChecks.linksSource(without, without.blocks().get(0))).isFalse();
        assertThat(DocsChecks.linksSource(with, with.blocks().get(0))).isTrue();
    }

    @Test
    void the_parent_pom_knows_managed_versions_and_those_of_the_bom() throws IOException {
        ParentPom pom = ParentPom.read();
        String fragment =
                "<dependency><groupId>%s</groupId><artifactId>%s</artifactId><version>1</version></dependency>";

        assertThat(ParentPom.dependencies(fragment.formatted("g", "a")))
                .containsExactly(new ParentPom.Coordinates("g", "a", "1"));
        assertThat(pom.versionOf(new ParentPom.Coordinates("dev.langchain4j", "langchain4j-reactor", "")))
                .contains("beta");
        assertThat(pom.versionOf(new ParentPom.Coordinates("dev.langchain4j", "langchain4j", "")))
                .matches("\\d+\\.\\d+\\.\\d+");
        assertThat(pom.versionOf(new ParentPom.Coordinates("g", "a", ""))).isEmpty();
    }

    @Test
    void a_maven_command_with_a_module_there_is_not_is_found() throws Exception {
        try (Children children = new Children(Optional.empty())) {
            Commands commands = new Commands(new GatewayJar(children, folder), path -> path.equals("/health"));

            assertThat(commands.problems("mvn -q install -pl langchain4j-mlflow-gateway -am"))
                    .isEmpty();
            assertThat(commands.problems("mvn install -pl elsewhere")).containsExactly("mvn: no module 'elsewhere'");
            assertThat(commands.problems("mvn -q deploy")).containsExactly("mvn: deploy");
        }
    }

    @Test
    void a_command_that_names_what_is_not_there_is_found() throws Exception {
        try (Children children = new Children(Optional.empty())) {
            Commands commands = new Commands(new GatewayJar(children, folder), path -> path.equals("/health"));

            assertThat(commands.problems("sudo install -m 644 deploy/nginx/gateway.conf /etc/nginx/conf.d/\n"
                            + "sudo install -m 600 keys.env /etc/keys.env\n"
                            + "sudo systemctl enable --now mlflow-gateway@5001\n"
                            + "sudo nginx -t\n"
                            + "curl -sf --retry 30 http://127.0.0.1:5001/health"))
                    .isEmpty();
            assertThat(commands.problems("install deploy/nginx/other.conf /etc"))
                    .containsExactly("install: no such file 'deploy/nginx/other.conf'");
            assertThat(commands.problems("sudo systemctl restart gateway@5001"))
                    .containsExactly("systemctl: no unit gateway@5001");
            assertThat(commands.problems("curl -sf http://127.0.0.1:5001/healthy"))
                    .containsExactly("curl: http://127.0.0.1:5001/healthy");
            assertThat(commands.problems("sudo nginx -s stop")).containsExactly("nginx: [-s, stop]");
            assertThat(commands.problems("sudo reboot")).containsExactly("nobody checks reboot");
        }
    }

    @Test
    void a_command_is_cut_as_a_shell_cuts_it() {
        assertThat(Curl.words("curl -s \\\n  -H 'A: b c' \"x y\"z"))
                .containsExactly("curl", "-s", "-H", "A: b c", "x yz");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"a\":\"x-…\"} | {\"a\":\"x-123\"} | true",
                "{\"a\":\"x-…\"} | {\"a\":\"y-123\"} | false",
                "{\"created\":1700000000} | {\"created\":5} | true",
                "{\"a\":1} | {\"a\":1,\"b\":2} | false",
                "{\"a\":1,\"b\":2} | {\"a\":1} | false",
                "[1,2] | [2,1] | false",
                "{\"a\":[{\"b\":null}]} | {\"a\":[{\"b\":null}]} | true",
                "{\"a\":1} | {\"a\":2} | false"
            })
    void answers_are_the_same_but_for_what_changes(String shown, String answered, boolean same) throws IOException {
        assertThat(Sameness.same(shown, answered)).isEqualTo(same);
    }

    @Test
    void streams_are_compared_event_by_event() throws IOException {
        assertThat(Sameness.same("data: {\"a\": 1}\n\ndata: [DONE]", "data: {\"a\":1}\n\ndata: [DONE]\n\n"))
                .isTrue();
        assertThat(Sameness.same("data: {\"a\": 1}\n\ndata: [DONE]", "data: {\"a\":1}\n\n"))
                .isFalse();
        assertThat(Sameness.same("data: {\"a\": 1}\n\ndata: [DONE]", "data: {\"a\":2}\n\ndata: [DONE]\n\n"))
                .isFalse();
    }

    private MarkdownFile page(String text) throws IOException {
        return MarkdownFile.of(Files.writeString(folder.resolve("page.md"), text));
    }
}
