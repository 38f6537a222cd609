package io.mlflowgateway.server.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class Utf8Test {
    private static final int RANDOM_SEQUENCES = 200_000;

    /** Bytes at the edges of Unicode's table of well-formed sequences. */
    private static final int[] EDGES = {
        0x00, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xEC, 0xED, 0xEE, 0xEF,
        0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xFF
    };

    @Test
    void it_agrees_with_the_jdks_decoder() {
        Random random = new Random(7);

        for (int i = 0; i < RANDOM_SEQUENCES; i++) {
            byte[] bytes = new byte[random.nextInt(6)];
            for (int at = 0; at < bytes.length; at++) {
                bytes[at] = (byte) EDGES[random.nextInt(EDGES.length)];
            }

            assertThat(firstBroken(bytes) == bytes.length).as("%s", bytes).isEqualTo(decodes(bytes));
        }
    }

    @Test
    void it_says_where_the_first_broken_sequence_begins() {
        byte[] bytes = "日本??".getBytes(StandardCharsets.UTF_8);
        bytes[6] = (byte) 0xE3;

        assertThat(firstBroken(bytes)).isEqualTo(6);
    }

    private static int firstBroken(byte[] bytes) {
        int at = Utf8.endOfNonAscii(bytes, 0, bytes.length);
        while (at < bytes.length && bytes[at] >= 0) {
            at = Utf8.endOfNonAscii(bytes, at + 1, bytes.length);
        }
        return at;
    }

    private static boolean decodes(byte[] bytes) {
        try {
            var text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return text.length() <= bytes.length;
        } catch (CharacterCodingException e) {
            return false;
        }
    }
}
