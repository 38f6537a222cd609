package io.mlflowgateway.server.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.server.json.BodyScanner.Malformed;
import io.mlflowgateway.server.json.BodyScanner.Malformed.Reason;
import io.mlflowgateway.server.query.Body;
import io.mlflowgateway.server.testing.FuzzInputs;
import io.mlflowgateway.server.testing.FuzzRun;
import io.mlflowgateway.server.testing.Mutator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@link BodyScanner} and Jackson's parser on the same documents: what one refuses the other does, for the same reason. */
class AgainstJacksonTest {
    private static final Duration TIME = Duration.ofSeconds(3);

    @Test
    void random_and_broken_documents_are_told_apart_as_jackson_does() {
        List<byte[]> known = new ArrayList<>(FuzzInputs.lines("bodies.txt"));
        RandomJson random = new RandomJson(new Random(7));
        for (int i = 0; i < 500; i++) {
            known.add(random.object().getBytes(UTF_8));
        }
        Mutator mutator = new Mutator(known, FuzzInputs.lines("body-words.txt"));

        long tried = new FuzzRun("the scanner beside Jackson", TIME).run(1, known, mutator::next, this::compare);

        assertThat(tried).isGreaterThan(1_000);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-",
                "-a",
                "+1",
                "1.",
                ".5",
                "1.e5",
                "1e",
                "1e+",
                "1E-",
                "-0",
                "-01",
                "00",
                "0.0e-0",
                "0e9999",
                "0e12345",
                "1e00001",
                "1a",
                "12\"",
                "0x1",
                "Infinity",
                "tru",
                "truex",
                "nul",
                "fals",
                "True",
                "\"\\",
                "\"\\u12\"",
                "\"\\u12G4\"",
                "\"\\x\"",
                "\"\\'\"",
                "\"\t\"",
                "\"\u007f\"",
                "\"\\ud800\"",
                "\"",
                "'a'",
                "[",
                "]",
                "[1,]",
                "[,1]",
                "[1 2]",
                "{",
                "}",
                "{,}",
                "{\"a\":1,}",
                "{\"a\" 1}",
                "{\"a\":}",
                "{a:1}",
                "{\"a\":1]",
                "[1}",
                "/*c*/1",
                "1//",
                "\u000b1",
                "\u00a01",
                "\"a\"\"b\"",
                "{\"\":{\"\":0},\"\\u0000\":1}",
                "{\"\\ud83d\\ude00\":1,\"😀\":2}",
                "{\"\\ud83d\":1,\"\\uD83D\":2}",
                "{\"a\\ude00b\":1}",
                "{\"\\ud83da\":1}",
                "{\"\\ud83d\\ud83d\\ude00\":1}",
                "{\"\\ud83d\\n\":1}",
                "{\"\\/\":1,\"/\":2}",
                "{\"é\":1,\"\\u00e9\":2}",
                "{\"abcdefgh\":1,\"abcdefghi\":2}",
                "{\"abcdefghij\":1,\"abcdefghik\":2,\"abcdefghij\":3}"
            })
    void odd_values_are_too(String value) {
        for (String text : List.of(value, "{\"a\":" + value + "}", "{\"a\":[0," + value + " ],\"b\":1}", value + " ")) {
            compare(text.getBytes(UTF_8), new SplittableRandom(1));
        }
    }

    @Test
    void bounds_are_where_jackson_has_them() {
        for (int length = 395; length < 405; length++) {
            String digits = "9".repeat(length);
            compare(("{\"a\":" + digits + "}").getBytes(UTF_8), new SplittableRandom(1));
            compare(("{\"a\":-" + digits + "}").getBytes(UTF_8), new SplittableRandom(1));
            compare(("{\"a\":1." + digits + "}").getBytes(UTF_8), new SplittableRandom(1));
            compare(("{\"a\":" + digits + ".5e-12}").getBytes(UTF_8), new SplittableRandom(1));
        }
        for (int depth = 195; depth < 205; depth++) {
            compare(("{\"a\":" + "[".repeat(depth) + "]".repeat(depth) + "}").getBytes(UTF_8), new SplittableRandom(1));
            compare(("{\"a\":".repeat(depth) + "1" + "}".repeat(depth)).getBytes(UTF_8), new SplittableRandom(1));
        }
    }

    @Test
    void a_special_byte_is_found_wherever_it_stands() {
        for (int length = 0; length < 40; length++) {
            for (int at = 0; at < length; at++) {
                for (int special : new int[] {0, '\n', 0x1F, ' ', '!', '"', '#', '\\', 0x7F, 0x80, 0xC3, 0xFF}) {
                    byte[] json = ("{\"a\":\"" + "x".repeat(length) + "\",\"b\":1}").getBytes(UTF_8);
                    json[6 + at] = (byte) special;

                    compare(json, new SplittableRandom(1));
                }
            }
        }
    }

    private void compare(byte[] json, SplittableRandom random) {
        for (boolean unique : new boolean[] {true, false}) {
            JacksonScan.Found expected = JacksonScan.of(json, unique);
            JacksonScan.Found found = scan(json, unique);
            assertThat(found.reason().isPresent())
                    .as("%s, expected %s", found, expected)
                    .isEqualTo(expected.reason().isPresent());
            assertThat(found.members()).isEqualTo(expected.members());
            // Of several faults each may name another one: the scanner goes once from the first byte to the last.
            boolean first = is(found, Reason.BOUND) || is(found, Reason.DUPLICATE) || is(expected, Reason.BOUND);
            if (!first && JacksonScan.isUtf8(json)) {
                assertThat(found.reason()).isEqualTo(expected.reason());
            }
        }
    }

    private static boolean is(JacksonScan.Found found, Reason reason) {
        return found.reason().filter(reason::equals).isPresent();
    }

    private static JacksonScan.Found scan(byte[] json, boolean unique) {
        try {
            Body body = unique ? BodyScanner.scan(json) : BodyScanner.scanAnswer(json);
            return new JacksonScan.Found(Optional.empty(), body.members());
        } catch (Malformed e) {
            return new JacksonScan.Found(Optional.of(e.reason()), List.of());
        }
    }
}
