package io.mlflowgateway.server.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.server.testing.RawConnection;
import io.mlflowgateway.server.testing.RawConnection.RawAnswer;
import io.mlflowgateway.server.testing.ScriptedUpstream;
import io.mlflowgateway.server.testing.Surface;
import io.mlflowgateway.server.testing.TestGateway;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Upstreams that send more than an answer, on every surface of a whole gateway. */
class ResponseHeadersIT {
    private static final Set<String> LISTED = Set.of(
            "content-type",
            "content-length",
            "transfer-encoding",
            "cache-control",
            "x-accel-buffering",
            "retry-after",
            "x-request-id",
            "x-gateway-config-version",
            "x-gateway-error-source",
            "x-gateway-route",
            "x-gateway-target",
            "x-gateway-provider",
            "x-gateway-served-model",
            "x-gateway-attempts",
            "x-mlflow-gateway-duration-ms",
            "x-mlflow-gateway-overhead-duration-ms",
            "x-content-type-options",
            "date");

    private static final String HOSTILE = """
            Set-Cookie: session=stolen; Path=/
            Set-Cookie2: a=b
            Connection: X-Hop, keep-alive
            X-Hop: 1
            Keep-Alive: timeout=5
            Proxy-Authenticate: Basic realm="evil"
            WWW-Authenticate: Basic realm="evil"
            Trailer: X-Trailer
            Upgrade: h2c
            Server: evil/1.0
            X-Powered-By: evil
            Via: 1.1 evil
            Location: http://evil.example/
            Refresh: 0; url=http://evil.example/
            Link: <http://evil.example/>; rel=preload
            Access-Control-Allow-Origin: *
            Access-Control-Allow-Credentials: true
            Content-Security-Policy: default-src *
            Strict-Transport-Security: max-age=1
            Clear-Site-Data: "*"
            Content-Disposition: attachment; filename=evil.html
            Content-Language: en
            ETag: "evil"
            Expires: 0
            Date: Thu, 01 Jan 1970 00:00:00 GMT
            Cache-Control: public, max-age=31536000
            X-Accel-Redirect: /etc/passwd
            X-Request-Id: theirs
            X-Gateway-Error-Source: gateway
            X-Gateway-Config-Version: theirs
            X-Gateway-Served-Model: theirs
            X-Mlflow-Gateway-Duration-Ms: 0
            X-Content-Type-Options: none
            X-Frame-Options: ALLOWALL
            X-Ratelimit-Remaining-Requests: 0
            OpenAI-Organization: org-of-the-gateway
            """.replace("\n", "\r\n");

    private static volatile String next = "";
    private static ScriptedUpstream upstream;
    private static TestGateway gateway;

    @BeforeAll
    static void start() {
        upstream = new ScriptedUpstream(exchange -> exchange.send(next));
        gateway = TestGateway.with(Surface.config(upstream.base(), "sk-canary", ""));
    }

    @AfterAll
    static void stop() {
        gateway.close();
        upstream.close();
    }

    @Test
    @Proves(Row.RESPONSE_HEADERS)
    void response_headers_that_are_not_listed_stay_behind_on_every_surface() {
        Set<String> passed = new TreeSet<>();
        int answers = 0;

        for (Surface surface : Surface.all().toList()) {
            for (int status : new int[] {200, 400, 401, 429, 500, 503}) {
                next = message(
                        status,
                        HOSTILE,
                        status == 200 ? surface.goodType() : "application/json",
                        status == 200 ? surface.goodAnswer() : "{\"error\":{\"message\":\"no\"}}");
                RawAnswer answer = asked(surface);
                answers++;
                assertThat(answer.status()).as(surface + answer.body()).isEqualTo(status);
                assertThat(answer.header("x-content-type-options")).isEqualTo("nosniff");
                assertThat(answer.header("x-request-id")).isNotEqualTo("theirs").isNotEmpty();
                assertThat(answer.header("x-gateway-error-source")).isEqualTo(status == 200 ? "" : "upstream");
                assertThat(answer.header("date")).doesNotContain("1970");
                assertThat(answer.header("x-gateway-served-model")).isEqualTo("the-model");
                assertThat(answer.header("x-mlflow-gateway-duration-ms")).isNotEqualTo("0");
                passed.addAll(names(answer));
            }
        }

        assertThat(passed).isSubsetOf(LISTED);
        Figures.seen(
                Row.RESPONSE_HEADERS,
                "response_headers_that_are_not_listed_stay_behind_on_every_surface",
                answers + " answers to " + HOSTILE.lines().count() + " headers of an upstream each; sent on: "
                        + passed);
    }

    @Test
    @Proves(Row.RESPONSE_HEADERS)
    void response_headers_with_junk_or_line_breaks_never_reach_a_caller() {
        List<String> headers = List.of(
                "Retry-After: <script>alert(1)</script>\r\n",
                "Retry-After: soon\r\n",
                "Retry-After: -1\r\n",
                "Retry-After: 1e9\r\n",
                "Retry-After: 5, 6\r\n",
                "Retry-After: 5;x\r\n",
                "Retry-After: 5\u0000\r\n",
                "Retry-After: 5\u000bX: y\r\n",
                "Retry-After: 5\rX-Injected: y\r\n",
                "Retry-After: 5\nX-Injected: y\r\n",
                "Retry-After: 5\r\n X-Injected: y\r\n",
                "Retry-After: 5\r\n\tSet-Cookie: a=b\r\n",
                "Retry-After: " + "9".repeat(300) + "\r\n",
                "Retry-After: Thu, 01 Jan 1970 00:00:00 GMT<b>\r\n",
                "Retry-After: \u00ff\u00fe\r\n");
        int answers = 0;

        for (Surface surface : Surface.wholes().toList()) {
            for (String header : headers) {
                next = message(429, header, "application/json", "{\"error\":{\"message\":\"no\"}}");
                RawAnswer answer = asked(surface);
                answers++;
                assertThat(answer.status()).as(header + answer.body()).isIn(429, 502);
                assertThat(answer.header("retry-after")).as(header).isIn("", "5");
                assertThat(names(answer)).as(header).isSubsetOf(LISTED);
                assertThat(surface.isFailure(answer.body())).isTrue();
            }
        }

        Figures.seen(
                Row.RESPONSE_HEADERS,
                "response_headers_with_junk_or_line_breaks_never_reach_a_caller",
                answers + " answers: 429 or 502, Retry-After left out or a number, no header made of another's value");
    }

    @Test
    @Proves(Row.RESPONSE_HEADERS)
    void response_headers_about_framing_are_the_gateways_own() {
        String good = Surface.wholes().findFirst().orElseThrow().goodAnswer();
        String length = "Content-Length: " + good.length() + "\r\n";
        String chunks = Integer.toHexString(good.length()) + "\r\n" + good + "\r\n0\r\n\r\n";
        List<String> answers = List.of(
                "Transfer-Encoding: chunked\r\n" + length + "\r\n" + chunks,
                "Transfer-Encoding: identity\r\n" + length + "\r\n" + good,
                "Transfer-Encoding: gzip, chunked\r\n\r\n" + chunks,
                "Transfer-Encoding: xchunked\r\n" + length + "\r\n" + good,
                "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks,
                length + length + "\r\n" + good,
                length + "Content-Length: 1\r\n\r\n" + good,
                "Content-Length: -1\r\n\r\n" + good,
                "Content-Length: +5\r\n\r\n" + good,
                "Transfer-Encoding: chunked\r\n\r\n" + chunks.replace("0\r\n\r\n", "0\r\nSet-Cookie: a=b\r\n\r\n"),
                "Transfer-Encoding: chunked\r\n\r\n" + chunks + "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}",
                length + "\r\n" + good + good);
        Surface chat = Surface.wholes()
                .filter(surface -> surface.name().equals("deployments chat"))
                .findFirst()
                .orElseThrow();
        int whole = 0;

        for (String rest : answers) {
            try (RawConnection caller = new RawConnection(gateway.port())) {
                next = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n" + rest;
                RawAnswer answer = caller.post(chat.path(), chat.json()).answer();
                assertThat(answer.status()).as(rest + answer.body()).isIn(200, 502);
                assertThat(names(answer)).isSubsetOf(LISTED);
                if (answer.status() == 200) {
                    assertThat(answer.body()).isEqualTo(good);
                    whole++;
                }
                next = message(200, "", "application/json", good);
                assertThat(caller.post(chat.path(), chat.json()).answer().body())
                        .as("the call after " + rest)
                        .isEqualTo(good);
            }
        }

        Figures.seen(
                Row.RESPONSE_HEADERS,
                "response_headers_about_framing_are_the_gateways_own",
                answers.size() + " odd framings: " + whole
                        + " times the very answer, otherwise 502; the next call on the"
                        + " connection gets its own answer each time");
    }

    @Test
    @Proves(Row.RESPONSE_HEADERS)
    void response_headers_say_json_and_no_markup_is_in_a_failure() {
        String script = "<script>alert(1)</script><img src=x onerror=alert(1)>&lt;";
        List<String> failures = List.of(
                message(500, "", "text/html; charset=utf-8", "<html><body>" + script + "</body></html>"),
                message(502, "", "text/html", ""),
                message(200, "", "text/html", "<html>" + script + "</html>"),
                message(302, "Location: http://evil.example/\r\n", "text/html", script),
                message(400, "", "text/plain", script),
                message(400, "", "application/json", "{\"error\":{\"message\":\"" + script + "\"}}"),
                message(400, "", "application/json", "{\"error\":\"" + script + "\"}"),
                message(400, "", "application/json", "{\"" + script + "\":[\"" + script + "\"]}"),
                message(400, "", "application/json", "{\"error\":{\"message\":\"no\",\"code\":\"" + script + "\"}}"),
                message(400, "", "application/" + script, "x"),
                message(200, "", "application/json", "{\"error\":{\"message\":\"" + script + "\"}}"),
                message(200, "", "application/json", "{\"choices\":\"" + script + "\"}"),
                message(
                        200,
                        "",
                        "text/event-stream",
                        "data: {\"error\":{\"message\":\"" + script + "\"}}\n\ndata: [DONE]\n\n"));
        int answers = 0;

        for (Surface surface : Surface.all().toList()) {
            for (String failure : failures) {
                next = failure;
                RawAnswer answer = asked(surface);
                answers++;
                assertThat(answer.status())
                        .as(surface + failure + answer.body())
                        .isBetween(400, 504);
                assertThat(answer.header("content-type")).as(failure).isEqualTo("application/json");
                assertThat(answer.header("x-content-type-options")).isEqualTo("nosniff");
                assertThat(surface.isFailure(answer.body())).as(answer.body()).isTrue();
                assertThat(answer.body()).as(failure).doesNotContain("<").doesNotContain(">");
            }
        }

        Figures.seen(
                Row.RESPONSE_HEADERS,
                "response_headers_say_json_and_no_markup_is_in_a_failure",
                answers + " failures: JSON, nosniff, no < or > in any");
    }

    @Test
    @Proves(Row.RESPONSE_HEADERS)
    void response_headers_are_out_when_a_stream_fails_and_its_error_event_holds_no_markup() {
        List<Surface> streams = Surface.all().filter(Surface::streams).toList();

        for (Surface surface : streams) {
            String first = surface.goodAnswer().replaceFirst("(?s)\n\n.*", "\n\n");
            next = message(200, "", "text/event-stream", first + "data: {\"error\":{\"message\":\"<b>no</b>\"}}\n\n");
            RawAnswer answer = asked(surface);
            assertThat(answer.body())
                    .contains("hey")
                    .contains("\"error\"")
                    .doesNotContain("<")
                    .doesNotContain("[DONE]");
        }

        Figures.seen(
                Row.RESPONSE_HEADERS,
                "response_headers_are_out_when_a_stream_fails_and_its_error_event_holds_no_markup",
                streams.size() + " streams cut by an error: no < in the event");
    }

    private static String message(int status, String headers, String type, String body) {
        return "HTTP/1.1 " + status + " X\r\n" + headers + "Content-Type: " + type + "\r\nContent-Length: "
                + body.length() + "\r\n\r\n" + body;
    }

    private static RawAnswer asked(Surface surface) {
        try (RawConnection caller = new RawConnection(gateway.port())) {
            return caller.post(surface.path(), surface.json()).answer();
        }
    }

    private static Set<String> names(RawAnswer answer) {
        return answer.head()
                .lines()
                .skip(1)
                .filter(line -> !line.isEmpty())
                .map(line -> line.replaceFirst(":.*", "").toLowerCase(Locale.ROOT))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
