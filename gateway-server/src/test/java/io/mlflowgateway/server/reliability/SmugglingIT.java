package io.mlflowgateway.server.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.server.testing.RawConnection;
import io.mlflowgateway.server.testing.ScriptedUpstream;
import io.mlflowgateway.server.testing.TestGateway;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Requests that two servers could read differently, each with a whole call behind it. Whoever is in front may have taken
 * that call for a part of the first request: here it must not be read as a request.
 */
class SmugglingIT {
    private static final String CHAT = "{\"model\":\"chat\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
    private static final String HIDDEN = "POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\n"
            + "Content-Type: application/json\r\nContent-Length: " + CHAT.length() + "\r\n\r\n" + CHAT;
    private static final String POST =
            "POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";
    private static final String CHUNKED = POST + "Transfer-Encoding: chunked\r\n\r\n";

    private static final String STATUS_LINE = "HTTP/1\\.1 \\d{3} ";
    private static final Pattern JSON_AND_CLOSE =
            Pattern.compile("\r\nconnection: close\r\n(.+\r\n)*\r\n\\{\"(detail|error)\":.+}$");

    private static final List<Arguments> FORMS = List.of(
            // Lengths
            form("two different lengths", POST + "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}"),
            form("the same length twice", POST + "Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}"),
            form("a list of lengths", POST + "Content-Length: 2, 2\r\n\r\n{}"),
            form("a signed length", POST + "Content-Length: +2\r\n\r\n{}"),
            form("a negative length", POST + "Content-Length: -2\r\n\r\n{}"),
            form("a hexadecimal length", POST + "Content-Length: 0x2\r\n\r\n{}"),
            form("hexadecimal digits as length", POST + "Content-Length: a\r\n\r\n{}"),
            form("an empty length", POST + "Content-Length:\r\n\r\n{}"),
            form("a blank length", POST + "Content-Length:  \t\r\n\r\n{}"),
            form("a length with a fraction", POST + "Content-Length: 2.0\r\n\r\n{}"),
            form("a length with a space in it", POST + "Content-Length: 1 2\r\n\r\n{}"),
            form("a length past 64 bits", POST + "Content-Length: 18446744073709551618\r\n\r\n{}"),
            form("a length with letters behind", POST + "Content-Length: 2abc\r\n\r\n{}"),
            // Length with chunks
            form("length and chunked", POST + "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
            form("chunked and length", POST + "Transfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n0\r\n\r\n"),
            form("no length and chunked", POST + "Content-Length: 0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
            form("chunked on HTTP/1.0", CHUNKED.replace("HTTP/1.1", "HTTP/1.0") + "0\r\n\r\n"),
            form("chunked twice in a list", POST + "Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n"),
            form(
                    "chunked on two lines",
                    POST + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
            form(
                    "chunked and identity on two lines",
                    POST + "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n"),
            form("identity", POST + "Transfer-Encoding: identity\r\nContent-Length: 2\r\n\r\n{}"),
            form("an unknown coding", POST + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"),
            form("a quoted coding", POST + "Transfer-Encoding: \"chunked\"\r\n\r\n0\r\n\r\n"),
            form("a coding with a parameter", POST + "Transfer-Encoding: chunked;q=1\r\n\r\n0\r\n\r\n"),
            form("an empty coding", POST + "Transfer-Encoding:\r\nContent-Length: 2\r\n\r\n{}"),
            form("a coding before chunked", POST + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"),
            form("a coding behind chunked", POST + "Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n"),
            form("a vertical tab before chunked", POST + "Transfer-Encoding: \u000bchunked\r\n\r\n0\r\n\r\n"),
            // Lines
            form("a folded line", POST + "X-A: b\r\n Content-Length: 2\r\n\r\n"),
            form("a line folded with a tab", POST + "Transfer-Encoding:\r\n\tchunked\r\n\r\n0\r\n\r\n"),
            form("a space before the first header", POST.replace("\r\nHost", "\r\n Host") + "\r\n"),
            form("a space before the colon", POST + "Content-Length : 2\r\n\r\n{}"),
            form("a tab before the colon", POST + "Transfer-Encoding\t: chunked\r\n\r\n0\r\n\r\n"),
            form("a header without a name", POST + ": 2\r\n\r\n"),
            form("a header without a colon", POST + "Content-Length 2\r\n\r\n{}"),
            form("a bare line feed ends a header", POST + "X-A: b\nContent-Length: 2\r\n\r\n{}"),
            form("a bare carriage return ends a header", POST + "X-A: b\rContent-Length: 2\r\n\r\n{}"),
            form("a bare line feed ends the head", POST + "X-A: b\r\n\n"),
            form("a bare line feed ends the request line", "GET /health HTTP/1.1\nHost: localhost\r\n\r\n"),
            form("a bare carriage return ends the request line", "GET /health HTTP/1.1\rHost: localhost\r\n\r\n"),
            form("two carriage returns", POST + "X-A: b\r\r\n\r\n"),
            form("a NUL in a value", POST + "X-A: b\0c\r\n\r\n"),
            form("a NUL in a name", POST + "X\0A: b\r\n\r\n"),
            form("a control byte in a value", POST + "X-A: b\u0001c\r\n\r\n"),
            form("a byte past ASCII in a name", POST + "Content-Length\u00a0: 2\r\n\r\n{}"),
            // Request lines
            form("a NUL before the request line", "\0GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n"),
            form("a control byte before the request line", "\u0007GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n"),
            form("a space before the request line", " GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n"),
            form("a bare line feed before the request line", "\nGET /health HTTP/1.1\r\nHost: localhost\r\n\r\n"),
            form("a NUL in the request line", "GET /hea\0lth HTTP/1.1\r\nHost: localhost\r\n\r\n"),
            form("a vertical tab for a space", "GET\u000b/health HTTP/1.1\r\nHost: localhost\r\n\r\n"),
            form("two spaces", "GET  /health HTTP/1.1\r\nHost: localhost\r\n\r\n"),
            form("a space in the target", "GET /health x HTTP/1.1\r\nHost: localhost\r\n\r\n"),
            form("a fragment in the target", "GET /health#x HTTP/1.1\r\nHost: localhost\r\n\r\n"),
            form("no version", "GET /health\r\nHost: localhost\r\n\r\n"),
            form("another version", "GET /health HTTP/1.2\r\nHost: localhost\r\n\r\n"),
            form("a version with more digits", "GET /health HTTP/1.10\r\nHost: localhost\r\n\r\n"),
            form("an old version", "GET /health HTTP/0.9\r\nHost: localhost\r\n\r\n"),
            form("another protocol", "GET /health ICAP/1.0\r\nHost: localhost\r\n\r\n"),
            form("no target", "GET HTTP/1.1\r\nHost: localhost\r\n\r\n"),
            // Hosts
            form("two Hosts", "GET /health HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n"),
            form("two different Hosts", "GET /health HTTP/1.1\r\nHost: localhost\r\nHost: 127.0.0.1\r\n\r\n"),
            form("no Host", "GET /health HTTP/1.1\r\nAccept: */*\r\n\r\n"),
            form("an empty Host", "GET /health HTTP/1.1\r\nHost:\r\n\r\n"),
            form("two names in a Host", "GET /health HTTP/1.1\r\nHost: localhost, localhost\r\n\r\n"),
            form("a Host with a user", "GET /health HTTP/1.1\r\nHost: a@localhost\r\n\r\n"),
            form("another Host in the target", "GET http://evil.test/health HTTP/1.1\r\nHost: localhost\r\n\r\n"),
            form("another port in the target", "GET http://localhost:1/health HTTP/1.1\r\nHost: localhost\r\n\r\n"),
            form("a user in the target", "GET http://evil@localhost/health HTTP/1.1\r\nHost: localhost\r\n\r\n"),
            // Forms of a target that only proxies take
            form("a tunnel", "CONNECT localhost:443 HTTP/1.1\r\nHost: localhost:443\r\n\r\n"),
            form("a tunnel to a path", "CONNECT /health HTTP/1.1\r\nHost: localhost\r\n\r\n"),
            form("an authority for a target", "GET localhost:443 HTTP/1.1\r\nHost: localhost\r\n\r\n"),
            form("an asterisk for a target", "OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n"),
            form("another scheme", "GET ftp://localhost/health HTTP/1.1\r\nHost: localhost\r\n\r\n"),
            // Chunks
            form("a chunk size past 64 bits", CHUNKED + "FFFFFFFFFFFFFFFFF\r\n{}\r\n0\r\n\r\n"),
            form("a chunk size past 32 bits", CHUNKED + "100000002\r\n{}\r\n0\r\n\r\n"),
            form("a negative chunk size", CHUNKED + "-1\r\n{}\r\n0\r\n\r\n"),
            form("a signed chunk size", CHUNKED + "+2\r\n{}\r\n0\r\n\r\n"),
            form("a prefixed chunk size", CHUNKED + "0x2\r\n{}\r\n0\r\n\r\n"),
            form("a chunk size with a space behind", CHUNKED + "2 \r\n{}\r\n0\r\n\r\n"),
            form("a chunk size with a space before", CHUNKED + " 2\r\n{}\r\n0\r\n\r\n"),
            form("an empty chunk size", CHUNKED + "\r\n{}\r\n0\r\n\r\n"),
            form("an extension without a size", CHUNKED + ";a=b\r\n{}\r\n0\r\n\r\n"),
            form("no line end behind the data", CHUNKED + "2\r\n{}0\r\n\r\n"),
            form("more data than the size says", CHUNKED + "1\r\n{}\r\n0\r\n\r\n"),
            form("a bare line feed behind the size", CHUNKED + "2\n{}\r\n0\r\n\r\n"),
            form("a bare carriage return behind the size", CHUNKED + "2\r{}\r\n0\r\n\r\n"),
            form("a bare line feed behind the data", CHUNKED + "2\r\n{}\n0\r\n\r\n"),
            form("a bare line feed in an extension", CHUNKED + "2;a\nb\r\n{}\r\n0\r\n\r\n"),
            form("a bare carriage return in an extension", CHUNKED + "2;a\rb\r\n{}\r\n0\r\n\r\n"),
            form("a quoted line end in an extension", CHUNKED + "2;a=\"\r\nx\"\r\n{}\r\n0\r\n\r\n"),
            form("a huge extension", CHUNKED + "2;a=" + "b".repeat(20_000) + "\r\n{}\r\n0\r\n\r\n"),
            form("a huge trailer", CHUNKED + "2\r\n{}\r\n0\r\nX-A: " + "b".repeat(40_000) + "\r\n\r\n"),
            form("a trailer with a bare line feed", CHUNKED + "2\r\n{}\r\n0\r\nX-A: b\nX-C: d\r\n\r\n"),
            form("a trailer that is no header", CHUNKED + "2\r\n{}\r\n0\r\nGET / HTTP/1.1\r\n\r\n"),
            // Other protocols
            form("an HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
            form("a TLS hello", "\u0016\u0003\u0001\u0002\0\u0001\0\u0001\u00fc\u0003\u0003"),
            form("bytes of no protocol", "\u00ff\u00fe\u0080\u0001\u0002"),
            form("a word", "hello\r\n\r\n"));

    private static ScriptedUpstream upstream;
    private static TestGateway gateway;

    private static Arguments form(String name, String request) {
        return Arguments.of(name, request);
    }

    @BeforeAll
    static void start() {
        upstream = new ScriptedUpstream(exchange -> exchange.chat("Hi"));
        gateway = TestGateway.inFrontOf(upstream, Map.of());
    }

    @AfterAll
    static void stop() {
        gateway.close();
        upstream.close();
    }

    static Stream<Arguments> forms() {
        return FORMS.stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("forms")
    @Proves(Row.SMUGGLING)
    void smuggling_forms_get_400_and_what_stands_behind_them_is_not_read(String name, String form) {
        String all;
        try (RawConnection caller = new RawConnection(gateway.port())) {
            all = caller.send(form + HIDDEN).readToEnd();
        }

        assertThat(all).startsWith("HTTP/1.1 400 ").containsPattern(JSON_AND_CLOSE);
        assertThat(all.split(STATUS_LINE, -1)).hasSize(2);
        assertThat(upstream.requests()).isZero();
        Figures.seen(
                Row.SMUGGLING,
                "smuggling_forms_get_400_and_what_stands_behind_them_is_not_read",
                FORMS.size() + " forms: 400, closed, and the call behind each never reached the upstream");
    }

    /** The forms above in their harmless shape, so that what is refused is the form and nothing else. */
    @ParameterizedTest
    @MethodSource("harmless")
    @Proves(Row.SMUGGLING)
    void smuggling_is_not_seen_in_harmless_requests(String name, String request) {
        try (RawConnection caller = new RawConnection(gateway.port())) {
            int first = caller.send(request).answer().status();
            int second = caller.send("GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n")
                    .answer()
                    .status();

            assertThat(first).isEqualTo(422);
            assertThat(second).isEqualTo(200);
        }
        Figures.seen(
                Row.SMUGGLING,
                "smuggling_is_not_seen_in_harmless_requests",
                harmless().count() + " lawful forms are answered and the connection is kept");
    }

    static Stream<Arguments> harmless() {
        String post = POST.replace("/v1/chat/completions", "/endpoints/chat/invocations");
        String chunked = post + "Transfer-Encoding: chunked\r\n\r\n";
        return Stream.of(
                form("a length", post + "Content-Length: 2\r\n\r\n{}"),
                form("blanks around a length", post + "Content-Length:\t 2 \t\r\n\r\n{}"),
                form("an underscore in a name", post + "X_Content_Length: 7\r\nContent-Length: 2\r\n\r\n{}"),
                form("bytes past ASCII in a value", post + "X-A: \u00e9\u00ff\r\nContent-Length: 2\r\n\r\n{}"),
                form("empty lines before it", "\r\n\r\n" + post + "Content-Length: 2\r\n\r\n{}"),
                form("chunks", chunked + "1\r\n{\r\n01;a=\"b;\\\"c\";d\r\n}\r\n0\r\nX-A: b\r\n\r\n"),
                form("chunked in capitals", post + "Transfer-Encoding: CHUNKED\r\n\r\n2\r\n{}\r\n0\r\n\r\n"),
                form(
                        "its own name in the target",
                        post.replace("POST ", "POST http://localhost") + "Content-Length: 2\r\n\r\n{}"));
    }

    @Test
    @Proves(Row.SMUGGLING)
    void smuggling_in_a_body_that_is_too_large_is_not_read_either() {
        String all;
        try (RawConnection caller = new RawConnection(gateway.port())) {
            all = caller.send(POST + "Content-Length: 99999999\r\n\r\n" + HIDDEN)
                    .readToEnd();
        }

        assertThat(all).startsWith("HTTP/1.1 413 ");
        assertThat(all.split(STATUS_LINE, -1)).hasSize(2);
        assertThat(upstream.requests()).isZero();
        Figures.seen(
                Row.SMUGGLING,
                "smuggling_in_a_body_that_is_too_large_is_not_read_either",
                "413, closed, and the call in the body never reached the upstream");
    }
}
