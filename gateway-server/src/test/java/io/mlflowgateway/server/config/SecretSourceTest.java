package io.mlflowgateway.server.config;

import static io.mlflowgateway.server.config.SampleConfigs.CANARY;
import static io.mlflowgateway.server.config.SampleConfigs.good;
import static io.mlflowgateway.server.config.SampleConfigs.openai;
import static io.mlflowgateway.server.config.SampleConfigs.problems;
import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.server.secret.Secret;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SecretSourceTest {
    private static final String PLACE = "gateway.yaml:8: endpoints[0].model.config.openai_api_key: ";

    private static Secret key(String written) {
        return good(openai("openai_api_key: " + written))
                .routes()
                .get(0)
                .targets()
                .get(0)
                .settings()
                .secret("openai_api_key")
                .orElseThrow();
    }

    @ParameterizedTest
    @CsvSource({
        "$OPENAI_API_KEY, sk-from-env",
        "${OPENAI_API_KEY}, sk-from-env",
        "' padded ', padded",
        "a-literal-key, a-literal-key",
        "no$VARIABLE, no$VARIABLE"
    })
    void a_key_comes_from_a_variable_or_is_the_text_itself(String written, String key) {
        assertThat(key(written)).isEqualTo(new Secret(key));
    }

    @Test
    void a_key_comes_from_a_file_without_the_newline_at_its_end(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("key"), " sk-from-file\r\n\n");

        assertThat(key(file.toString())).isEqualTo(new Secret("sk-from-file"));
    }

    @Test
    void what_a_file_holds_is_not_resolved_again(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("key"), "$OPENAI_API_KEY");

        assertThat(key(file.toString())).isEqualTo(new Secret("$OPENAI_API_KEY"));
    }

    @Test
    void only_keys_are_resolved() {
        var config = good(openai("openai_api_key: k\nopenai_organization: $OPENAI_API_KEY"));

        assertThat(config.routes().get(0).targets().get(0).settings().text("openai_organization"))
                .contains("$OPENAI_API_KEY");
        assertThat(config.warnings())
                .containsExactly("gateway.yaml:9: endpoints[0].model.config.openai_organization: begins with '$' and is"
                        + " taken as it stands: only keys come from the environment");
    }

    @ParameterizedTest
    @CsvSource({
        "$NOT_SET, the environment variable NOT_SET is not set",
        "$BLANK, the environment variable BLANK is empty",
        "$, begins with '$'",
        "$canary-7f3a9c-never-shown, begins with '$'",
        "12345, must be a text",
        "true, must be a text",
        "2023-06-01, must be a text",
        "[a], must be a text",
        "{a: b}, must be a text",
        "'\"\"', is empty",
        "'\"  \"', is empty",
        "\u201ccanary-7f3a9c-never-shown\u201d, has a character inside that no HTTP header can carry",
        "'\"canary-7f3a9c\\nnever-shown\"', has a line break",
        "'\"canary-7f3a9c-never-shown\\x00\"', has a line break"
    })
    void what_is_no_key_is_refused_and_not_quoted(String written, String message) {
        assertThat(problems(openai("openai_api_key: " + written)))
                .startsWith(PLACE + message)
                .doesNotContain("canary");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " \n", "canary-7f3a9c\nnever-shown"})
    void a_file_that_holds_no_key_is_refused_and_not_quoted(String content, @TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("key"), content);

        assertThat(problems(openai("openai_api_key: " + file)))
                .startsWith(PLACE)
                .doesNotContain("canary");
    }

    @Test
    void a_file_that_is_no_text_or_too_large_is_refused(@TempDir Path folder) throws Exception {
        Path binary = Files.write(folder.resolve("binary"), new byte[] {(byte) 0xff, 1});
        Path large = Files.write(folder.resolve("large"), new byte[70_000]);

        assertThat(problems(openai("openai_api_key: " + binary))).startsWith(PLACE + "the file it names is not UTF-8");
        assertThat(problems(openai("openai_api_key: " + large))).startsWith(PLACE + "the file it names is larger");
    }

    @Test
    void a_path_without_a_file_is_taken_for_a_key_with_a_warning() {
        var config = good(openai("openai_api_key: /no/such/" + CANARY));

        assertThat(config.warnings())
                .singleElement()
                .satisfies(warning -> assertThat(warning)
                        .startsWith(PLACE + "looks like a path")
                        .doesNotContain(CANARY));
    }

    @Test
    void a_configuration_prints_without_its_keys() {
        assertThat(good(openai("openai_api_key: " + CANARY)).toString())
                .contains("openai_api_key")
                .doesNotContain(CANARY);
    }
}
