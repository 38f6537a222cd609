package io.mlflowgateway.server.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.server.testing.ScriptedUpstream;
import io.mlflowgateway.server.testing.Surface;
import io.mlflowgateway.server.testing.TestGateway;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Credentials of a whole gateway that has just used them. */
class SecretsInMemoryIT {
    private static final String CANARY = "sk-canary-5d1f0b7c";

    private static final List<String> SHOWN = List.of(
            "/health",
            "/health/ready",
            "/health/config",
            "/version",
            "/openapi.json",
            "/docs",
            "/api/2.0/gateway/routes/",
            "/api/2.0/gateway/routes/chat",
            "/api/2.0/endpoints/",
            "/api/2.0/endpoints/chat",
            "/api/3.0/gateway/endpoint/chat",
            "/api/3.0/gateway/route/split-chat",
            "/v1/models",
            "/v1/models/chat");

    private static final List<String> NOT_THERE = List.of(
            "/actuator",
            "/actuator/env",
            "/actuator/heapdump",
            "/actuator/threaddump",
            "/env",
            "/config",
            "/debug/pprof/",
            "/heapdump",
            "/jolokia",
            "/.env",
            "/gateway.yaml");

    @Test
    @Proves(Row.SECRETS_IN_MEMORY)
    void secrets_in_memory_are_in_no_thread_name_and_on_no_page() {
        try (ScriptedUpstream upstream = new ScriptedUpstream(exchange -> exchange.chat("hey"));
                TestGateway gateway = TestGateway.with(Surface.config(upstream.base(), CANARY, ""))) {
            HttpResponse<String> answer = gateway.post(
                    "/endpoints/chat/invocations", "{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}");
            assertThat(answer.statusCode()).isEqualTo(200);

            Set<String> threads = Thread.getAllStackTraces().keySet().stream()
                    .map(Thread::getName)
                    .collect(Collectors.toSet());

            assertThat(threads).anyMatch(name -> name.startsWith("gateway")).noneMatch(name -> name.contains(CANARY));
            for (String path : SHOWN) {
                HttpResponse<String> page = gateway.get(path);
                assertThat(page.statusCode()).as(path).isEqualTo(200);
                assertThat(page.body() + page.headers().map()).as(path).doesNotContain(CANARY);
            }
            for (String path : NOT_THERE) {
                assertThat(gateway.get(path).statusCode()).as(path).isEqualTo(404);
            }
            Figures.seen(
                    Row.SECRETS_IN_MEMORY,
                    "secrets_in_memory_are_in_no_thread_name_and_on_no_page",
                    threads.size() + " thread names and " + SHOWN.size() + " pages without it; no heap, environment or"
                            + " thread dump is served");
        }
    }
}
