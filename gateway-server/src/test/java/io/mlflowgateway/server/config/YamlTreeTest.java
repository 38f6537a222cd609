package io.mlflowgateway.server.config;

import static io.mlflowgateway.server.config.SampleConfigs.CANARY;
import static io.mlflowgateway.server.config.SampleConfigs.echo;
import static io.mlflowgateway.server.config.SampleConfigs.problems;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class YamlTreeTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "routes:\n  - key: %s: x\n",
                "routes:\n  - \"%s\n",
                "routes:\n  - '%s\n",
                "routes:\n  - [%s, \n",
                "routes:\n  - {%s, \n",
                "routes:\n\t- %s\n",
                "routes:\n  - @%s\n",
                "routes:\n  - *%s\n",
                "routes:\n  - !h!%s x\n",
                "routes:\n  - !<%s\n",
                "routes:\n  - \"\\%s\"\n",
                "routes:\n  - \"\\U99999999%s\"\n",
                "routes:\n - a: 1\n   %s\n  b: 2\n",
                "%%%s\nroutes: []\n",
                "routes: |%s\n",
                "routes: &%s[]\n"
            })
    void a_syntax_error_is_told_by_line_and_never_quotes_the_line(String yaml) {
        String found = problems(yaml.formatted(CANARY));

        assertThat(found).contains("gateway.yaml:").contains("(document)").doesNotContain(CANARY);
        assertThat(found).doesNotContain("canary");
    }

    @Test
    void a_syntax_error_is_told_in_words_with_line_and_column() {
        assertThat(problems("routes:\n  - a\n\t- b\n"))
                .isEqualTo("gateway.yaml:3: (document): is not YAML: a tab: indent with spaces (column 1)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n\n", "# only a comment\n", "---\n", "--- ~\n"})
    void an_empty_file_is_a_problem(String yaml) {
        assertThat(problems(yaml)).matches("gateway.yaml:[12]: \\(document\\): .*nothing.*");
    }

    @Test
    void a_second_document_is_refused_where_it_begins() {
        assertThat(problems(echo("chat") + "---\nroutes: []\n"))
                .isEqualTo(
                        "gateway.yaml:5: (document): a second document begins here; a configuration is one document");
    }

    @Test
    void a_key_written_twice_is_refused_with_both_lines() {
        assertThat(problems("routes: []\nserver: {}\nroutes: []\n"))
                .isEqualTo(
                        "gateway.yaml:3: (document): the key 'routes' is written twice in one mapping, first in line 1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"routes: &a [*a]", "routes: &a {<<: *a}", "x-a: &a {b: [*a]}\nroutes: []"})
    void an_alias_to_what_it_is_part_of_is_refused(String yaml) {
        assertThat(problems(yaml))
                .isEqualTo("gateway.yaml:1: (document): an alias ('*') to something it is itself part of");
    }

    @Test
    void fifty_aliases_of_mappings_are_taken_and_no_more() {
        assertThat(problems(aliases(50))).isEmpty();
        assertThat(problems(aliases(51))).contains("more than 50 aliases of lists or mappings");
    }

    private static String aliases(int count) {
        String list = IntStream.range(0, count).mapToObj(i -> "*a").collect(Collectors.joining(", "));
        return "x-a: &a {b: c}\nx-b: [" + list + "]\nroutes: []\n";
    }

    @Test
    void a_thousand_aliases_of_texts_are_taken() {
        assertThat(problems(aliases(1_000).replace("{b: c}", "text"))).isEmpty();
    }

    @Test
    void a_few_aliases_that_multiply_are_refused() {
        StringBuilder yaml = new StringBuilder("x-0: &n0 [" + "a,".repeat(20_000) + "]\n");
        for (int level = 1; level < 10; level++) {
            yaml.append("x-%1$d: &n%1$d [*n%2$d, *n%2$d, *n%2$d, *n%2$d]\n".formatted(level, level - 1));
        }

        assertThat(problems(yaml + "routes: []\n"))
                .contains("more than " + YamlTree.MAX_EXPANDED + " values, aliases written out");
    }

    @Test
    void merging_that_multiplies_is_refused() {
        String keys = IntStream.range(0, 50_000).mapToObj(i -> "k" + i + ": 1").collect(Collectors.joining(", "));
        String merges = IntStream.range(0, 45).mapToObj(i -> "{<<: *a}").collect(Collectors.joining(", "));

        assertThat(problems("x-a: &a {" + keys + "}\nx-b: [" + merges + "]\nroutes: []\n"))
                .contains("values, aliases written out");
    }

    @Test
    void fifty_levels_are_taken_and_no_more() {
        assertThat(problems("x-a: " + "[".repeat(49) + "]".repeat(49) + "\nroutes: []\n"))
                .isEmpty();
        assertThat(problems("x-a: " + "[".repeat(50) + "]".repeat(50) + "\nroutes: []\n"))
                .isEqualTo("gateway.yaml:1: (document): nested more than 50 levels deep");
        assertThat(problems("[".repeat(1_000_000))).contains("nested more than 50 levels deep");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "routes: !!java.net.URL ['http://localhost']",
                "routes: !!javax.script.ScriptEngineManager []",
                "routes: !custom []",
                "routes: []\nx-a: !!python/object:os.system x"
            })
    void tags_make_no_objects_and_are_refused(String yaml) {
        assertThat(problems(yaml))
                .contains("a tag ('!') that means nothing here")
                .doesNotContain("java");
    }

    @Test
    void a_plain_tag_is_taken() {
        assertThat(problems(echo("!!str 123"))).isEmpty();
    }

    @Test
    void a_key_that_is_no_text_is_refused() {
        assertThat(problems("? [a]\n: b\nroutes: []")).contains("a key must be a text, found a list");
    }

    @Test
    void something_else_than_a_mapping_cannot_be_merged() {
        assertThat(problems("routes: []\nx-a: {<<: text}")).contains("'<<' merges a mapping");
    }

    @Test
    void what_is_no_text_is_refused_with_the_line() {
        byte[] latin = ("routes: []\n# caf\u00e9 " + CANARY).getBytes(StandardCharsets.ISO_8859_1);
        byte[] binary = "routes: []\n\u0000\u0001".getBytes(StandardCharsets.UTF_8);
        byte[] wide = "routes: []".getBytes(StandardCharsets.UTF_16);

        assertThat(problems(latin)).isEqualTo("gateway.yaml:2: (document): is not UTF-8 text");
        assertThat(problems(binary))
                .isEqualTo("gateway.yaml:2: (document): holds a character that is no text (U+0000)");
        assertThat(problems(wide)).isEqualTo("gateway.yaml:1: (document): is not UTF-8 text");
    }

    @Test
    void a_character_cut_in_half_at_the_end_is_refused() {
        byte[] whole = "routes: [] # \u20ac".getBytes(StandardCharsets.UTF_8);

        assertThat(problems(Arrays.copyOf(whole, whole.length - 1))).contains("is not UTF-8 text");
        assertThat(problems(whole)).isEmpty();
    }

    @Test
    void a_file_larger_than_the_bound_is_refused() {
        byte[] large = new byte[ConfigBytes.MAX_BYTES + 1];
        Arrays.fill(large, (byte) '#');

        assertThat(problems(large)).isEqualTo("gateway.yaml:1: (document): is larger than 16 MiB");
    }
}
