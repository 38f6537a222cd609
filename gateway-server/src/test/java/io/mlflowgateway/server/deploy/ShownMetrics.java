package io.mlflowgateway.server.deploy;

import io.mlflowgateway.server.testing.Eventually;
import io.mlflowgateway.server.testing.RawConnection;
import io.mlflowgateway.server.testing.ScriptedUpstream;
import io.mlflowgateway.server.testing.TestGateway;
import java.io.IOException;
import java.time.Duration;

/** What a gateway shows at {@code /metrics} once it has seen a call end in every way there is. */
final class ShownMetrics {
    private static final String PATH = "/endpoints/chat/invocations";
    private static final String WATCHED = "/endpoints/watched/invocations";
    private static final String CALL = "{\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}],\"stream\":%s}";

    private ShownMetrics() {}

    static Scrape live() {
        try (ScriptedUpstream upstream = new ScriptedUpstream(ShownMetrics::answer);
                TestGateway gateway = TestGateway.with(config(upstream))) {
            gateway.get("/health");
            gateway.get("/metrics");
            gateway.post(PATH, "{}");
            gateway.post(PATH, CALL.formatted("well", false));
            gateway.post(PATH, CALL.formatted("well", true));
            gateway.post(PATH, CALL.formatted("refuse", false));
            gateway.post(PATH, CALL.formatted("break", true));
            leave(gateway, upstream);
            gateway.post(WATCHED, CALL.formatted("refuse", false));
            // Collections are shown once there was one.
            System.gc();
            Eventually.within(
                    Duration.ofSeconds(20),
                    "every way to end is counted",
                    () -> complete(gateway.get("/metrics").body()));
            return new Scrape(gateway.get("/metrics").body());
        }
    }

    private static String config(ScriptedUpstream upstream) {
        String model =
                "{provider: openai, name: m, config: {openai_api_key: k, openai_api_base: '" + upstream.base() + "'}}";
        return """
                prices: {m: {input: 1, output: 2}}
                endpoints:
                  - {name: chat, endpoint_type: llm/v1/chat, model: %s}
                  - name: watched
                    endpoint_type: llm/v1/chat
                    targets:
                      - {name: first, model: %s}
                      - {name: second, model: %s}
                    routing: {fallback: true, retries: {attempts: 1, backoff: 1ms}}
                """.formatted(model, model, model.replace("name: m", "name: dark"));
    }

    private static boolean complete(String page) {
        return page.contains("jvm_gc_pause_seconds_sum")
                && page.contains("outcome=\"cut\"")
                && page.contains("outcome=\"caller_gone\"");
    }

    private static void leave(TestGateway gateway, ScriptedUpstream upstream) {
        int asked = upstream.requests();
        try (RawConnection caller = new RawConnection(gateway.port())) {
            caller.post(PATH, CALL.formatted("wait", false));
            Eventually.within(Duration.ofSeconds(10), "the call is upstream", () -> upstream.requests() > asked);
        }
    }

    private static void answer(ScriptedUpstream.Exchange exchange) throws IOException {
        String body = exchange.body();
        if (body.contains("refuse")) {
            exchange.send("HTTP/1.1 500 Oh\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}");
        } else if (body.contains("wait")) {
            exchange.awaitGone();
        } else if (body.contains("break")) {
            exchange.beginStream().say("half").reset();
        } else if (body.contains("\"stream\":true")) {
            exchange.beginStream().say("piece");
            exchange.part("data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\","
                    + "\"choices\":[],\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":1,\"total_tokens\":2}}\n\n");
            exchange.endStream();
        } else {
            exchange.chat("well");
        }
    }
}
