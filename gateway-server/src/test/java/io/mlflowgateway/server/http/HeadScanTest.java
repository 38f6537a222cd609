package io.mlflowgateway.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.server.config.Limits;
import io.mlflowgateway.server.http.HeadScan.Verdict;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HeadScanTest {
    private static final Limits LIMITS = new Limits(100, 200, 3, 20, 1, 0);
    private static final String GOOD = "POST /a?b=c HTTP/1.1\r\nHost: h\r\nX_y:\tz \u00e9\r\nEmpty:\r\n\r\n";

    private final HeadScan scan = new HeadScan(LIMITS);

    @ParameterizedTest
    @ValueSource(strings = {"", "\r\n", "\r\n\r\n\r\n"})
    void a_head_ends_where_its_empty_line_does_wherever_it_is_cut(String before) {
        byte[] bytes = (before + GOOD + "body").getBytes(StandardCharsets.ISO_8859_1);
        for (int cut = 0; cut <= bytes.length; cut++) {
            HeadScan fresh = new HeadScan(LIMITS);
            ByteBuf buffer = Unpooled.buffer().writeBytes(bytes, 0, cut);

            Verdict first = fresh.scan(buffer);
            buffer.writeBytes(bytes, cut, bytes.length - cut);
            Verdict second = first == Verdict.WHOLE ? first : fresh.scan(buffer);

            assertThat(second).as("cut at %d", cut).isEqualTo(Verdict.WHOLE);
            assertThat(fresh.method(buffer)).isEqualTo("POST");
            assertThat(fresh.target(buffer)).isEqualTo("/a?b=c");
            assertThat(buffer.toString(StandardCharsets.ISO_8859_1)).isEqualTo(GOOD + "body");
            buffer.release();
        }
    }

    @Test
    void nothing_has_begun_before_the_first_byte_of_a_request_line() {
        Verdict empty = scan("\r\n\r\n");
        boolean begunByEmptyLines = scan.begun();
        scan("G");

        assertThat(empty).isEqualTo(Verdict.UNFINISHED);
        assertThat(begunByEmptyLines).isFalse();
        assertThat(scan.begun()).isTrue();
    }

    @Test
    void a_second_head_is_read_like_the_first() {
        scan(GOOD);

        scan.reset();

        assertThat(scan.begun()).isFalse();
        assertThat(scan(GOOD)).isEqualTo(Verdict.WHOLE);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "a space before it| GET / HTTP/1.1",
                "a line feed before it|`GET / HTTP/1.1",
                "a lone carriage return before it|$GET / HTTP/1.1",
                "a NUL before it|@GET / HTTP/1.1",
                "a tab before it|^GET / HTTP/1.1",
                "two spaces|GET  / HTTP/1.1",
                "a tab for a space|GET^/ HTTP/1.1",
                "a space at the end|GET / HTTP/1.1 ~",
                "a space in the target|GET /a b HTTP/1.1~",
                "no version|GET /~",
                "a control in the target|GET /\u0001 HTTP/1.1",
                "a delete in the target|GET /\u007f HTTP/1.1",
                "a byte past ASCII in the target|GET /\u00e9 HTTP/1.1",
                "a fragment|GET /a#b HTTP/1.1",
                "a bracket in the method|GE(T / HTTP/1.1",
                "a bare line feed|GET / HTTP/1.1`Host: h",
                "a bare carriage return|GET / HTTP/1.1$Host: h",
                "a folded line|GET / HTTP/1.1~A: b~ c",
                "a line folded with a tab|GET / HTTP/1.1~A: b~^c",
                "a space before the first header|GET / HTTP/1.1~ A: b",
                "a space before the colon|GET / HTTP/1.1~A : b",
                "no name|GET / HTTP/1.1~: b",
                "no colon|GET / HTTP/1.1~A~",
                "a bracket in a name|GET / HTTP/1.1~A[: b",
                "a byte past ASCII in a name|GET / HTTP/1.1~\u00e9: b",
                "a NUL in a value|GET / HTTP/1.1~A: @",
                "a bell in a value|GET / HTTP/1.1~A: \u0007",
                "a delete in a value|GET / HTTP/1.1~A: \u007f",
                "a bare line feed after a value|GET / HTTP/1.1~A: b`",
                "a bare carriage return in a value|GET / HTTP/1.1~A: b$c",
                "a bare line feed for the empty line|GET / HTTP/1.1~A: b~`",
                "a carriage return for the empty line|GET / HTTP/1.1~A: b~$A",
                "a TLS hello|\u0016\u0003\u0001\u0002\u0000\u0001\u0000",
            })
    void what_two_servers_could_read_differently_is_malformed(String name, String head) {
        Verdict verdict = scan(head.replace("~", "\r\n")
                .replace('`', '\n')
                .replace('$', '\r')
                .replace('^', '\t')
                .replace('@', '\0'));

        assertThat(verdict).as(name).isEqualTo(Verdict.MALFORMED);
    }

    @Test
    void a_head_past_a_limit_is_refused_at_the_first_byte_past_it() {
        assertThat(scan("GET /" + "a".repeat(19) + " ")).isEqualTo(Verdict.UNFINISHED);
        assertThat(fresh("GET /" + "a".repeat(20))).isEqualTo(Verdict.URL_TOO_LONG);
        assertThat(fresh("GET / HTTP/1.1\r\nA: b\r\nC: d\r\nE: f\r\n")).isEqualTo(Verdict.UNFINISHED);
        assertThat(fresh("GET / HTTP/1.1\r\nA: b\r\nC: d\r\nE: f\r\nG")).isEqualTo(Verdict.TOO_LARGE);
        assertThat(fresh("GET / HTTP/1.1\r\nA: " + "b".repeat(181))).isEqualTo(Verdict.UNFINISHED);
        assertThat(fresh("GET / HTTP/1.1\r\nA: " + "b".repeat(182))).isEqualTo(Verdict.TOO_LARGE);
        assertThat(fresh("GET / HTTP/1.1\r\nA: " + "b".repeat(177) + "\r\n\r\n"))
                .isEqualTo(Verdict.WHOLE);
        assertThat(fresh("GET / HTTP/1.1\r\nA: " + "b".repeat(178) + "\r\n\r\n"))
                .isEqualTo(Verdict.TOO_LARGE);
        assertThat(fresh("A".repeat(33))).isEqualTo(Verdict.MALFORMED);
        assertThat(fresh("GET / " + "H".repeat(17))).isEqualTo(Verdict.MALFORMED);
    }

    private static Verdict fresh(String text) {
        return new HeadScan(LIMITS).scan(Unpooled.wrappedBuffer(text.getBytes(StandardCharsets.ISO_8859_1)));
    }

    private Verdict scan(String text) {
        return scan.scan(Unpooled.wrappedBuffer(text.getBytes(StandardCharsets.ISO_8859_1)));
    }
}
