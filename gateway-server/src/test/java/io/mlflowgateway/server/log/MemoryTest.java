package io.mlflowgateway.server.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MemoryTest {
    private final List<String> asked = new ArrayList<>();
    private final Memory memory = new Memory(this::show);

    private String show(String text) {
        asked.add(text);
        return '<' + text + '>';
    }

    private String shown(String text) {
        Paper paper = new Paper();
        memory.write(text, paper);
        return paper.toString();
    }

    @Test
    void a_text_that_comes_again_is_made_once() {
        assertThat(shown("chat")).isEqualTo("<chat>");
        assertThat(shown("chat")).isEqualTo("<chat>");

        assertThat(asked).containsExactly("chat");
    }

    @Test
    void ids_and_long_texts_are_not_remembered() {
        String large = "x".repeat(Fields.MOST_CHARS + 1);
        for (int i = 0; i < 2; i++) {
            shown("9f1c2ab34d5e-7");
            shown(large);
        }

        assertThat(asked).hasSize(4);
    }

    @Test
    void no_more_than_so_many_are_remembered() {
        for (int i = 0; i <= Memory.MOST_REMEMBERED; i++) {
            shown("path/" + i);
        }
        asked.clear();

        shown("path/0");
        shown("path/" + Memory.MOST_REMEMBERED);

        assertThat(asked).containsExactly("path/0");
    }
}
