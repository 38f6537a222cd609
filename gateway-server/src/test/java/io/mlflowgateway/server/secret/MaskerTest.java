package io.mlflowgateway.server.secret;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MaskerTest {
    private static final Masker PATTERNS = new Masker(List.of());

    private static Masker of(String... secrets) {
        return new Masker(Stream.of(secrets).map(Secret::new).toList());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Incorrect API key provided: sk-abc***xyz. | Incorrect API key provided: ***",
                "key sk-proj-Ab_12-cd is bad | key *** is bad",
                "Authorization: Bearer abc.def-123 | Authorization: Bearer ***",
                "Authorization: Basic dXNlcjpwYXNz | Authorization: Basic ***",
                "bearer  abcdefgh, then | bearer  ***, then",
                "AKIAIOSFODNN7EXAMPLE was refused | *** was refused",
                "api_key=0123456789abcdef0123456789abcdef | api_key=***",
                "{\"api-key\": \"q83vEjRWeJCrze8SNFZ4kA==\"} | {\"api-key\": \"***\"}",
                "the token is 9f86d081884c7d659a2f | the token is ***",
                "https://user:pass@host/x | https://***@host/x",
                "GET /x?key=plain&b=c | GET /x?key=***&b=c",
                "gsk_abcd1234 and hf_abcd1234 | *** and ***",
                "AIzaSyA-1234567890abc | ***",
                "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln | ***"
            })
    void what_looks_like_a_credential_is_masked(String text, String masked) {
        assertThat(PATTERNS.mask(text)).isEqualTo(masked);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Rate limit exceeded: 3 per 1 minute",
                "task-based risk-averse answers",
                "Bearer authentication is required",
                "the key authentication-configuration is missing",
                "maximum context length is 4097 tokens, requested 5000 tokens (4000 in the messages)",
                "モデルが見つかりません",
                "see https://platform.openai.com/account/api-keys"
            })
    void what_does_not_stays_the_same_object(String text) {
        assertThat(PATTERNS.mask(text)).isSameAs(text);
        assertThat(of("other-secret").mask(text)).isSameAs(text);
    }

    @Test
    void known_values_are_masked_wherever_they_stand() {
        Masker masker = of("plainsecret", "日本語の秘密の鍵");

        assertThat(masker.mask("a plainsecret, xplainsecretx and 日本語の秘密の鍵!")).isEqualTo("a ***, x***x and ***!");
        assertThat(masker.mask("plainsecret")).isEqualTo("***");
        assertThat(masker.mask("plainsecre")).isEqualTo("plainsecre");
    }

    @Test
    void known_values_are_masked_whatever_characters_they_are_of() {
        Masker masker = new Masker(List.of(new Secret("0123-abcd"), new Secret("\u65e5\u672c\u8a9e-fake")));

        assertThat(masker.mask("ff0123-abcd00")).isEqualTo("ff***00");
        assertThat(masker.mask("\u65e5\u672c\u8a9e-fake")).isEqualTo("***");
    }

    @Test
    void the_longest_of_several_known_values_is_masked_whole() {
        assertThat(of("secret-a", "secret-a-and-more").mask("<secret-a-and-more>"))
                .isEqualTo("<***>");
    }

    @Test
    void short_values_are_no_secrets() {
        assertThat(of("none").mask("none of it")).isEqualTo("none of it");
    }

    @Test
    void long_texts_are_cut_and_no_secret_is_cut_in_half() {
        Masker masker = of("plainsecret");
        String across = "x".repeat(Masker.MAX_LENGTH - 5) + "plainsecret" + "y".repeat(100_000);
        String shrunk = "plainsecret".repeat(10) + "x".repeat(Masker.MAX_LENGTH - 113) + "plainsecret";

        assertThat(masker.mask(across)).endsWith("x***... (cut)").doesNotContain("plain");
        assertThat(masker.mask(shrunk)).endsWith("x***... (cut)").doesNotContain("plain");
        assertThat(masker.mask("z".repeat(1_000_000))).hasSize(Masker.MAX_LENGTH + "... (cut)".length());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"key", "key ", "a", "://", "sk-", "eyJaaaaaaaa.", "bearer ", "token=", "?key=", "=", "password a"
            })
    void no_text_takes_long(String piece) {
        String text = piece.repeat(Masker.MAX_LENGTH / piece.length());

        Assertions.assertTimeoutPreemptively(
                Duration.ofSeconds(5), () -> assertThat(PATTERNS.mask(text)).isNotNull());
    }

    @Test
    void thousands_of_known_values_are_no_burden() {
        Masker masker = new Masker(IntStream.range(0, 10_000)
                .mapToObj(i -> new Secret("secret-number-" + i + "-end"))
                .toList());
        String text = "secret-number-9999-end " + "secret-x ".repeat(1_500);

        Assertions.assertTimeoutPreemptively(
                Duration.ofSeconds(5), () -> assertThat(masker.mask(text)).startsWith("*** secret-x"));
    }

    @Test
    void a_cut_at_fewer_characters_leaves_no_half_of_a_secret() {
        Masker masker = of("other-secret");

        String shown = masker.mask("0123456789 other-secret and more", 16);

        assertThat(shown).isEqualTo("0123456789 *** a...");
        assertThat(masker.mask("0123456789", 10)).isEqualTo("0123456789");
    }
}
