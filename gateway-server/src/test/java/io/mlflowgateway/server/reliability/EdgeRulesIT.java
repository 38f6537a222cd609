package io.mlflowgateway.server.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.server.testing.RawConnection;
import io.mlflowgateway.server.testing.RawConnection.RawAnswer;
import io.mlflowgateway.server.testing.ScriptedUpstream;
import io.mlflowgateway.server.testing.Surface;
import io.mlflowgateway.server.testing.TestGateway;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a web page can make a browser send, and what it gets to see: on every surface of a whole gateway. */
class EdgeRulesIT {
    /** What a page may send to any origin without asking it first, and other types that are not JSON in UTF-8. */
    private static final List<String> REFUSED_TYPES = List.of(
            "",
            "Content-Type: text/plain",
            "Content-Type: text/plain;charset=UTF-8",
            "Content-Type: text/plain; application/json",
            "Content-Type: application/x-www-form-urlencoded",
            "Content-Type: application/x-www-form-urlencoded; charset=utf-8",
            "Content-Type: multipart/form-data; boundary=application/json",
            "Content-Type: multipart/form-data",
            "Content-Type: text/plain, application/json",
            "Content-Type: application/json, text/plain",
            "Content-Type: text/json",
            "Content-Type: application/jsonp",
            "Content-Type: application/xml",
            "Content-Type: application/octet-stream",
            "Content-Type: application/json/",
            "Content-Type: \"application/json\"",
            "Content-Type: ;application/json",
            "Content-Type: application/json; charset=latin1",
            "Content-Type: application/json; charset=iso-8859-1",
            "Content-Type: application/json; charset=utf-16",
            "Content-Type: application/json; charset=\"UTF-16LE\"",
            "Content-Type: application/json; charset=utf-7; x=utf-8",
            "Content-Type: application/json; charset=latin1; charset=utf-8",
            "Content-Type: application/json; charset=",
            "Content-Type: text/plain\r\nContent-Type: application/json",
            "Content-Type:");

    private static final List<String> TAKEN_TYPES = List.of(
            "Content-Type: application/json",
            "Content-Type: APPLICATION/JSON",
            "content-type:Application/Json ; Charset=UTF-8",
            "Content-Type: application/json;charset=utf-8",
            "Content-Type: application/json; charset=\"utf-8\"",
            "Content-Type: application/json; charset=utf8",
            "Content-Type: application/json; profile=\"a/b\"; v=1",
            "Content-Type: application/json;");

    private static final List<String> ORIGINS = List.of("https://evil.example", "null", "http://localhost:3000");
    private static final Pattern FOREIGN = Pattern.compile(
            "(?i)(?:src|href|action)\\s*=\\s*[\"']?(?:[a-z]+:)?//|@import|url\\(\\s*+[\"']?+(?!data:)|import\\s*\\(|fetch\\(");

    private static ScriptedUpstream upstream;
    private static TestGateway gateway;

    @BeforeAll
    static void start() {
        upstream = new ScriptedUpstream(Surface::answerWell);
        gateway = TestGateway.with(Surface.config(upstream.base(), "sk-canary", ""));
    }

    @AfterAll
    static void stop() {
        gateway.close();
        upstream.close();
    }

    @Test
    @Proves(Row.CONTENT_TYPE)
    void content_type_other_than_json_is_415_on_every_surface_and_nothing_goes_upstream() {
        List<Surface> surfaces =
                Stream.concat(Surface.all(), Stream.of(Surface.limitsApi())).toList();
        int before = upstream.requests();

        try (RawConnection caller = new RawConnection(gateway.port())) {
            for (Surface surface : surfaces) {
                for (String type : REFUSED_TYPES) {
                    RawAnswer answer = post(caller, surface, type);
                    assertThat(answer.status()).as(surface + " " + type).isEqualTo(415);
                    assertThat(surface.isFailure(answer.body()))
                            .as(answer.body())
                            .isTrue();
                }
            }
            assertThat(upstream.requests()).isEqualTo(before);
        }
        Figures.seen(
                Row.CONTENT_TYPE,
                "content_type_other_than_json_is_415_on_every_surface_and_nothing_goes_upstream",
                REFUSED_TYPES.size() + " types on " + surfaces.size()
                        + " surfaces: 415 each time, over one connection; 0 calls upstream");
    }

    @Test
    @Proves(Row.CONTENT_TYPE)
    void content_type_of_json_is_taken_in_every_spelling_on_every_surface() {
        List<Surface> surfaces = Surface.all().toList();

        try (RawConnection caller = new RawConnection(gateway.port())) {
            for (Surface surface : surfaces) {
                for (String type : TAKEN_TYPES) {
                    assertThat(post(caller, surface, type).status())
                            .as(surface + " " + type)
                            .isEqualTo(200);
                }
            }
        }
        Figures.seen(
                Row.CONTENT_TYPE,
                "content_type_of_json_is_taken_in_every_spelling_on_every_surface",
                TAKEN_TYPES.size() + " spellings on " + surfaces.size() + " surfaces: 200 each time");
    }

    private static RawAnswer post(RawConnection caller, Surface surface, String type) {
        String json = surface.json();
        return caller.send("POST " + surface.path() + " HTTP/1.1\r\nHost: localhost\r\n"
                        + (type.isEmpty() ? "" : type + "\r\n") + "Content-Length: " + json.length() + "\r\n\r\n"
                        + json)
                .answer();
    }

    @Test
    @Proves(Row.CORS)
    void cors_headers_are_on_no_answer_and_a_preflight_is_refused() {
        List<String> paths = Stream.concat(
                        Surface.wholes().map(Surface::path),
                        Stream.of(
                                "/",
                                "/docs",
                                "/docs/docs.js",
                                "/openapi.json",
                                "/health",
                                "/health/ready",
                                "/health/config",
                                "/version",
                                "/api/2.0/gateway/routes/",
                                "/api/2.0/gateway/routes/chat",
                                "/api/2.0/gateway/limits/",
                                "/api/2.0/endpoints/",
                                "/api/2.0/endpoints/chat",
                                "/api/3.0/gateway/endpoint/chat",
                                "/api/3.0/gateway/route/split-chat",
                                "/v1/models",
                                "/v1/models/chat",
                                "/nowhere",
                                "/endpoints/nobody/invocations",
                                "/%00",
                                "*"))
                .distinct()
                .toList();
        List<String> preflights = new ArrayList<>();
        int answers = 0;

        for (String path : paths) {
            for (String origin : ORIGINS) {
                for (String method : List.of("OPTIONS", "GET", "POST", "PUT", "DELETE")) {
                    RawAnswer answer = crossOrigin(method, path, origin);
                    answers++;
                    assertNoCors(method + " " + path, answer.head());
                    if (method.equals("OPTIONS")) {
                        preflights.add(path + " " + answer.status());
                    }
                }
            }
        }

        assertThat(preflights).allMatch(answer -> answer.matches(".* (?:404|405|400)"));
        assertThat(preflights.stream().filter(answer -> answer.endsWith("400")))
                .allMatch(answer -> answer.startsWith("*") || answer.startsWith("/%00"));
        Figures.seen(
                Row.CORS,
                "cors_headers_are_on_no_answer_and_a_preflight_is_refused",
                answers + " answers on " + paths.size() + " paths without Access-Control-*; " + preflights.size()
                        + " preflights refused");
    }

    @Test
    @Proves(Row.CORS)
    void cors_headers_are_on_no_good_answer_of_any_surface() {
        List<Surface> surfaces = Surface.all().toList();

        for (Surface surface : surfaces) {
            HttpResponse<String> answer =
                    gateway.post(surface.path(), surface.json(), "Origin", "https://evil.example");
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().map().keySet())
                    .as(surface.toString())
                    .noneMatch(name -> name.startsWith("access-control"));
        }
        Figures.seen(
                Row.CORS,
                "cors_headers_are_on_no_good_answer_of_any_surface",
                surfaces.size() + " surfaces: 200 without Access-Control-*");
    }

    private static RawAnswer crossOrigin(String method, String path, String origin) {
        try (RawConnection caller = new RawConnection(gateway.port())) {
            return caller.send(method + " " + path + " HTTP/1.1\r\nHost: localhost\r\nOrigin: " + origin
                            + "\r\nAccess-Control-Request-Method: POST\r\n"
                            + "Access-Control-Request-Headers: content-type,authorization\r\n"
                            + "Access-Control-Request-Private-Network: true\r\nContent-Length: 0\r\n\r\n")
                    .answer();
        }
    }

    private static void assertNoCors(String what, String head) {
        assertThat(head.toLowerCase(Locale.ROOT))
                .as(what)
                .doesNotContain("access-control-")
                .doesNotContain("timing-allow-origin");
    }

    @Test
    @Proves(Row.DOCS_PAGE)
    void docs_page_allows_nothing_foreign_and_no_framing() {
        List<String> pages = List.of("/", "/docs", "/docs/");
        Map<String, HttpResponse<String>> parts = Stream.of("/docs/docs.js", "/docs/swagger-ui.css")
                .collect(Collectors.toMap(path -> path, gateway::get));

        for (String path : pages) {
            HttpResponse<String> page = gateway.get(path);
            assertThat(policy(page))
                    .containsEntry("default-src", "'self'")
                    .containsEntry("frame-ancestors", "'none'")
                    .containsEntry("base-uri", "'none'")
                    .containsEntry("form-action", "'none'")
                    .containsEntry("style-src", "'self' 'unsafe-inline'")
                    .containsEntry("img-src", "'self' data:")
                    .doesNotContainKeys("script-src", "connect-src");
            assertThat(page.headers().firstValue("x-content-type-options")).contains("nosniff");
            assertThat(page.headers().firstValue("referrer-policy")).contains("no-referrer");
            assertThat(FOREIGN.matcher(page.body()).results()).isEmpty();
        }
        parts.forEach((path, part) -> {
            assertThat(part.headers().firstValue("x-content-type-options")).contains("nosniff");
            assertThat(FOREIGN.matcher(part.body()).results()).as(path).isEmpty();
        });
        assertThat(gateway.get("/docs/docs.js").body()).contains("validatorUrl: null");
        Figures.seen(
                Row.DOCS_PAGE,
                "docs_page_allows_nothing_foreign_and_no_framing",
                "default-src 'self', frame-ancestors 'none'; 0 foreign origins in page, script and style ("
                        + parts.values().stream()
                                .mapToInt(part -> part.body().getBytes(StandardCharsets.UTF_8).length)
                                .sum()
                        + " bytes)");
    }

    private static Map<String, String> policy(HttpResponse<String> page) {
        return Stream.of(page.headers()
                        .firstValue("content-security-policy")
                        .orElseThrow()
                        .split(";", -1))
                .map(String::strip)
                .collect(Collectors.toMap(
                        directive -> directive.replaceFirst(" .*", ""),
                        directive -> directive.replaceFirst("^\\S+ ", "")));
    }
}
