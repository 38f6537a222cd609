package io.mlflowgateway.samples;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.samples.RouteSwap.Said;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class SideBySideTest {
    @Test
    void answers_stand_in_columns_of_one_width() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        SideBySide.print(
                List.of(
                        new Said("a", "m", "A first answer that is longer than one column is wide."),
                        new Said("b", "n", "Short.")),
                new PrintStream(bytes, true, StandardCharsets.UTF_8));

        List<String> lines = bytes.toString(StandardCharsets.UTF_8).lines().toList();
        assertThat(lines).hasSize(3);
        assertThat(lines.get(0)).isEqualTo("route a (m)" + " ".repeat(28) + "| route b (n)");
        assertThat(lines).allMatch(line -> line.indexOf('|') == 39);
    }

    @Test
    void a_word_longer_than_a_column_is_cut() {
        assertThat(SideBySide.wrap("x".repeat(80))).containsExactly("x".repeat(38), "x".repeat(38), "xxxx");
    }
}
