package io.mlflowgateway.server.price;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.server.query.Price;
import io.mlflowgateway.server.query.TokenClass;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PriceTableTest {
    private static final Path FILE = Path.of("prices", "prices.tsv");
    private static final PriceTable TABLE = PriceTable.load();

    private static List<String> lines() throws IOException {
        return Files.readAllLines(FILE).stream()
                .filter(line -> !line.startsWith("#"))
                .toList();
    }

    private static long input(Price price) {
        return price.picoUsd(TokenClass.INPUT, 1);
    }

    @Test
    void every_line_is_found_by_its_name() throws IOException {
        List<String> names =
                lines().stream().map(line -> line.split("\t", -1)[0]).toList();

        List<String> missing = names.stream().filter(name -> !found(name)).toList();

        assertThat(missing).isEmpty();
        assertThat(names).hasSizeGreaterThan(500).doesNotHaveDuplicates();
    }

    private static boolean found(String name) {
        String[] parts = name.split("/", 2);
        return TABLE.find(parts[0], parts[1]).filter(price -> input(price) >= 0).isPresent();
    }

    @Test
    void its_lines_are_sorted_and_hold_classes_and_plain_amounts_only() throws IOException {
        String classes = String.join("|", TokenClass.words());
        String prices = "((" + classes + ")=\\d+(\\.\\d{1,6})?)";

        assertThat(lines())
                .isSorted()
                .allMatch(line ->
                        line.matches("[a-z0-9]+/[!-~]+\t" + prices + "( " + prices + ")*( >\\d+( " + prices + ")+)*"));
    }

    @Test
    void it_says_where_it_is_from_and_under_which_licence() throws IOException {
        String head = String.join("\n", Files.readAllLines(FILE).subList(0, 3));

        assertThat(head).contains("litellm 1.", "as of 20", "https://github.com/BerriAI/litellm", "MIT License");
        assertThat(Files.readString(FILE.resolveSibling("LICENSE"))).startsWith("MIT License");
        assertThat(PriceTable.class.getResource("LICENSE")).isNotNull();
    }

    @Test
    void a_model_has_the_price_of_its_provider() {
        Price price = TABLE.find("openai", "gpt-4o").orElseThrow();

        assertThat(input(price)).isEqualTo(2_500_000);
        assertThat(price.picoUsd(TokenClass.OUTPUT, 1)).isEqualTo(10_000_000);
        assertThat(price.picoUsd(TokenClass.CACHE_READ, 1)).isEqualTo(1_250_000);
        assertThat(TABLE.find("anthropic", "gpt-4o")).isEmpty();
    }

    @Test
    void what_a_longer_prompt_costs_is_known() {
        Price price = TABLE.find("gemini", "gemini-2.5-pro").orElseThrow();

        assertThat(price.picoUsd(TokenClass.INPUT, 200_000)).isEqualTo(1_250_000);
        assertThat(price.picoUsd(TokenClass.INPUT, 200_001)).isEqualTo(2_500_000);
    }

    @Test
    void a_tuned_model_costs_what_its_base_does_when_it_is_tuned() {
        Price tuned = TABLE.find("openai", "ft:gpt-4o-mini-2024-07-18:us::abc").orElseThrow();

        assertThat(tuned)
                .isEqualTo(TABLE.find("openai", "ft:gpt-4o-mini-2024-07-18").orElseThrow());
    }

    @Test
    void nothing_is_found_by_a_part_of_a_name_or_beyond_the_ends() {
        Stream<String> names = Stream.of("", "gpt-4o\t", "gpt-4ox", "zzz", "#", "é", "ft:", "ft:gpt");
        PriceTable small = new PriceTable("# c\na/m\tinput=1\nb/m\tinput=2\n".getBytes(StandardCharsets.UTF_8));

        assertThat(names.filter(name -> TABLE.find("openai", name).isPresent())).isEmpty();
        assertThat(Arrays.stream(new String[] {"", "a", "a/", "A", "c", "~"})
                        .filter(name -> small.find(name, "m").isPresent()))
                .containsExactly("a");
        assertThat(small.find("b", "m")).map(PriceTableTest::input).contains(2_000_000L);
        assertThat(new PriceTable(new byte[0]).find("a", "m")).isEmpty();
    }
}
