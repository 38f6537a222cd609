package io.mlflowgateway.server.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.server.testing.RawConnection;
import io.mlflowgateway.server.testing.RawConnection.RawAnswer;
import io.mlflowgateway.server.testing.ScriptedUpstream;
import io.mlflowgateway.server.testing.Surface;
import io.mlflowgateway.server.testing.TestGateway;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Names in paths and bodies that look like a route's, on every surface of a whole gateway. */
class RouteNamesIT {
    private static final String JSON = "{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";

    /** In the place of {@code chat}, which is a route; {@code other} is another. */
    private static final List<String> TRICKS = List.of(
            "chat%2F",
            "%2Fchat",
            "chat%2f..%2fchat",
            "other%2F..%2Fchat",
            "other/../chat",
            "other/%2e%2e/chat",
            "other/%2E./chat",
            "./chat",
            "%2e/chat",
            "chat/.",
            "chat/..",
            ".",
            "..",
            "%2e%2e",
            "../endpoints/chat",
            "%252e%252e",
            "%2563hat",
            "chat%252F",
            "chat%25",
            "chat;",
            "chat;v=1",
            "chat;/../other",
            "chat%3B",
            "chat%3Fx",
            "chat%23",
            "chat\\",
            "chat%5C..",
            "chat%5c",
            "CHAT",
            "Chat",
            "cha%54",
            "chat%20",
            "%20chat",
            "chat+",
            "chat.",
            "chat%C2%A0",
            "chat%E2%80%8B",
            "%D1%81hat",
            "%EF%BD%83hat",
            "ch%C3%A1t",
            "cha%74%CC%81",
            "",
            "/chat",
            "chat/",
            "chat//",
            "chat,other",
            "chat%2Cother",
            "chat:443",
            "user@chat",
            "*",
            "%2A",
            "chat'--",
            "chat%22",
            "%3Cscript%3Ealert(1)%3C%2Fscript%3E",
            "{name}",
            "%7Bname%7D",
            "$%7Bjndi:ldap:x%7D",
            "c".repeat(129),
            "c".repeat(7_000));

    /** What is no path at all, wherever it stands. */
    private static final List<String> MALFORMED = List.of(
            "chat%00",
            "%00chat",
            "chat%0d%0aX-A:b",
            "chat%0A",
            "chat%09",
            "chat%1b",
            "chat%7F",
            "chat%C2%85",
            "chat%",
            "chat%4",
            "chat%zz",
            "chat%u0063",
            "chat%ff",
            "chat%C0%AE",
            "chat%c3",
            "chat%ED%A0%80",
            "ch\u00E1t",
            "chat\u007f",
            "chat#x");

    private static ScriptedUpstream upstream;
    private static TestGateway gateway;

    @BeforeAll
    static void start() {
        upstream = new ScriptedUpstream(exchange -> exchange.chat("hey"));
        gateway = TestGateway.with(Surface.config(upstream.base(), "sk-canary", "") + """
                  - name: other
                    endpoint_type: llm/v1/chat
                    model: {provider: openai, name: m, config: {openai_api_key: k, openai_api_base: '%s'}}
                """.formatted(upstream.base()));
    }

    @AfterAll
    static void stop() {
        gateway.close();
        upstream.close();
    }

    /** The paths that hold a name, each with what is asked there. */
    private record Place(String method, String before, String after, boolean openAi) {
        String request(String name) {
            String body = method.equals("POST") ? JSON : "";
            return method + " " + before + name + after
                    + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: "
                    + body.length() + "\r\n\r\n" + body;
        }
    }

    private static List<Place> places() {
        return List.of(
                new Place("POST", "/gateway/", "/invocations", false),
                new Place("POST", "/endpoints/", "/invocations", false),
                new Place("GET", "/api/2.0/gateway/routes/", "", false),
                new Place("GET", "/api/2.0/endpoints/", "", false),
                new Place("GET", "/api/3.0/gateway/endpoint/", "", false),
                new Place("GET", "/v1/models/", "", true));
    }

    @Test
    @Proves(Row.ROUTE_NAMES)
    void route_names_that_are_tricks_find_nothing_and_the_connection_goes_on() {
        int before = upstream.requests();
        int tried = 0;

        for (Place place : places()) {
            try (RawConnection caller = new RawConnection(gateway.port())) {
                for (String trick : tricks(place)) {
                    RawAnswer answer = caller.send(place.request(trick)).answer();
                    tried++;
                    assertRefused(place, trick, answer, 404);
                }
                assertThat(caller.send(place.request("chat")).answer().status()).isEqualTo(200);
            }
        }

        assertThat(upstream.requests() - before).isEqualTo(2);
        Figures.seen(
                Row.ROUTE_NAMES,
                "route_names_that_are_tricks_find_nothing_and_the_connection_goes_on",
                tried + " paths: 404 in JSON each time, and the same connection answers the next; 0 calls upstream");
    }

    /** At the end of a path one slash more is the same path, and none at all is the list. */
    private static List<String> tricks(Place place) {
        return TRICKS.stream()
                .filter(trick ->
                        !place.after().isEmpty() || !List.of("", "chat/").contains(trick))
                .toList();
    }

    @Test
    @Proves(Row.ROUTE_NAMES)
    void route_names_that_are_malformed_are_400_with_a_whole_answer_before_the_close() {
        int tried = 0;

        for (Place place : places()) {
            for (String malformed : MALFORMED) {
                try (RawConnection caller = new RawConnection(gateway.port())) {
                    RawAnswer answer = caller.send(place.request(malformed)).answer();
                    tried++;
                    assertRefused(place, malformed, answer, 400);
                    assertThat(answer.header("connection")).isEqualTo("close");
                    assertThat(caller.closedByServer()).isTrue();
                }
            }
        }

        assertThat(gateway.get("/api/2.0/endpoints/chat").statusCode()).isEqualTo(200);
        Figures.seen(
                Row.ROUTE_NAMES,
                "route_names_that_are_malformed_are_400_with_a_whole_answer_before_the_close",
                tried + " paths: 400 in JSON each time, then the connection is closed");
    }

    private static void assertRefused(Place place, String trick, RawAnswer answer, int status) {
        String what = place.method() + " " + place.before() + trick + place.after() + " " + answer.body();
        assertThat(answer.status()).as(what).isEqualTo(status);
        assertThat(answer.header("content-type")).as(what).isEqualTo("application/json");
        assertThat(answer.header("x-request-id")).as(what).isNotEmpty();
        assertThat(Surface.isFailure(answer.body(), place.openAi() && status != 400))
                .as(what)
                .isTrue();
        assertThat(answer.body()).as(what).doesNotContain("<").hasSizeLessThan(9_000);
    }

    @Test
    @Proves(Row.ROUTE_NAMES)
    void route_names_in_a_body_are_matched_exactly() {
        List<String> names = List.of(
                "CHAT",
                "chat ",
                " chat",
                "chat\\u0000",
                "chat\\n",
                "../chat",
                "/endpoints/chat",
                "chat/invocations",
                "%63hat",
                "\\u0441hat",
                "openai/chat",
                "openai:chat",
                "chat,other",
                "http://evil.example/v1/chat",
                "the-model",
                "*",
                "",
                "<script>",
                "\\ud83d",
                "c".repeat(100_000));
        int before = upstream.requests();

        for (String name : names) {
            RawAnswer answer = asked("{\"model\":\"" + name + "\",\"messages\":[]}");
            assertThat(answer.status()).as(name).isEqualTo(404);
            assertThat(answer.body()).as(name).contains("model_not_found").doesNotContain("<");
            assertThat(answer.body().length()).as(name).isLessThan(1_000);
        }
        assertThat(asked("{\"model\":\"\\u0063hat\",\"messages\":[]}").status()).isEqualTo(200);

        assertThat(upstream.requests() - before).isEqualTo(1);
        Figures.seen(
                Row.ROUTE_NAMES,
                "route_names_in_a_body_are_matched_exactly",
                names.size() + " models: 404 each time; 0 calls upstream");
    }

    private static RawAnswer asked(String json) {
        try (RawConnection caller = new RawConnection(gateway.port())) {
            return caller.post("/v1/chat/completions", json).answer();
        }
    }
}
