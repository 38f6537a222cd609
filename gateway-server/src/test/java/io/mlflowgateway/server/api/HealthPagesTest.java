package io.mlflowgateway.server.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.mlflowgateway.server.config.ConfigStatus;
import io.mlflowgateway.server.config.GatewayConfig;
import io.mlflowgateway.server.config.Problems;
import io.mlflowgateway.server.config.ReloadOutcome;
import io.mlflowgateway.server.config.RouteConfig;
import io.mlflowgateway.server.config.Settings;
import io.mlflowgateway.server.http.Answer;
import io.mlflowgateway.server.http.Endpoint;
import io.mlflowgateway.server.http.Head;
import io.mlflowgateway.server.json.Json;
import io.mlflowgateway.server.query.Failure;
import io.mlflowgateway.server.query.Task;
import io.mlflowgateway.server.routing.RouteTable;
import io.mlflowgateway.server.routing.Routes;
import io.mlflowgateway.server.routing.TargetRoute;
import io.mlflowgateway.server.testing.Await;
import io.mlflowgateway.server.testing.Calls;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

class HealthPagesTest {
    private static final Instant START = Instant.parse("2026-01-02T03:04:05Z");
    private static final Instant LATER = START.plusSeconds(60);

    private final AtomicBoolean ready = new AtomicBoolean(true);
    private final Routes routes = new Routes(table("v1", 2));
    private final AtomicReference<ConfigStatus> status = new AtomicReference<>(new ConfigStatus(
            Optional.of(Path.of("conf/gateway.yaml")),
            ReloadOutcome.inForce(new GatewayConfig(List.of(), Map.of(), List.of(), "v1"), List.of("odd"), START),
            Map.of("total-timeout", "9s")));
    private final Map<String, Endpoint> pages = HealthPages.endpoints(ready::get, routes, status::get);

    @Test
    void it_is_ready_until_it_is_told_to_stop() throws Exception {
        Answer.Whole before = get("/health/ready", "");

        ready.set(false);

        assertThat(before.status()).isEqualTo(200);
        assertThat(json(before)).isEqualTo(Json.tree("{\"ready\":true}".getBytes()));
        assertThat(get("/health/ready", "").status()).isEqualTo(503);
        assertThat(json(get("/health/ready", ""))).isEqualTo(Json.tree("{\"ready\":false}".getBytes()));
    }

    @Test
    void the_configuration_is_named_with_its_file_its_routes_and_its_time() throws Exception {
        assertThat(json(get("/health/config", ""))).isEqualTo(Json.tree("""
                        {"file": "conf/gateway.yaml", "version": "v1", "routes": 2, "loaded_at": "2026-01-02T03:04:05Z",
                         "last_reload_success": true, "last_reload_at": "2026-01-02T03:04:05Z", "file_version": "v1",
                         "problems": [], "warnings": ["odd"], "server": {"timeouts.total": "9s"}}
                        """.getBytes()));
    }

    @Test
    void a_file_that_cannot_be_used_is_told_with_every_problem_and_what_stays_in_force() throws Exception {
        status.set(new ConfigStatus(
                Optional.of(Path.of("gateway.yaml")),
                new ReloadOutcome(
                        false,
                        List.of(new Problems.Problem("gateway.yaml:3", "endpoints[0].name", "is missing")),
                        List.of(),
                        LATER,
                        "v1",
                        START,
                        ""),
                Map.of()));

        assertThat(json(get("/health/config", ""))).isEqualTo(Json.tree("""
                        {"file": "gateway.yaml", "version": "v1", "routes": 2, "loaded_at": "2026-01-02T03:04:05Z",
                         "last_reload_success": false, "last_reload_at": "2026-01-02T03:05:05Z", "file_version": null,
                         "problems": [{"place": "gateway.yaml:3", "path": "endpoints[0].name", "message": "is missing"}],
                         "warnings": [], "server": {}}
                        """.getBytes()));
    }

    @Test
    void without_a_file_there_is_none_to_name() throws Exception {
        ReloadOutcome last = Objects.requireNonNull(status.get()).last();
        status.set(new ConfigStatus(Optional.empty(), last, Map.of()));

        JsonNode config = json(get("/health/config", ""));

        assertThat(config.path("file").isNull()).isTrue();
        assertThat(config.path("file_version").isNull()).isTrue();
    }

    @Test
    void routes_come_in_pages_each_with_the_version_it_is_of() throws Exception {
        routes.replace(table("v2", 3_001));

        JsonNode first = json(get("/health/config/routes", ""));
        JsonNode second = json(get(
                "/health/config/routes",
                "page_token=" + first.path("next_page_token").asText()));

        assertThat(first.path("version").asText()).isEqualTo("v2");
        assertThat(first.path("routes")).hasSize(3_000);
        assertThat(second.path("routes")).hasSize(1);
        assertThat(second.at("/routes/0").toString())
                .isEqualTo("{\"name\":\"r3000\",\"type\":\"llm/v1/chat\",\"form\":\"endpoint\","
                        + "\"model\":{\"provider\":\"echo\",\"name\":\"m\"}}");
        assertThat(second.path("next_page_token").isNull()).isTrue();
    }

    @Test
    void a_token_that_was_never_given_is_refused() {
        assertThatThrownBy(() -> get("/health/config/routes", "page_token=x")).isInstanceOf(Failure.class);
    }

    private Answer.Whole get(String path, String query) {
        Head head = new Head("id", "GET", path, query, name -> null, false, Calls.notes());
        return (Answer.Whole)
                Await.value(Objects.requireNonNull(pages.get(path)).answer(head, new byte[0]));
    }

    private static JsonNode json(Answer.Whole answer) throws Exception {
        return Json.tree(answer.body());
    }

    private static RouteTable table(String version, int count) {
        List<TargetRoute> routes = new ArrayList<>();
        IntStream.range(0, count).mapToObj(i -> route("r" + i)).forEach(routes::add);
        return new RouteTable(routes, version);
    }

    private static TargetRoute route(String name) {
        RouteConfig.Target target = new RouteConfig.Target(name, "echo", "m", Settings.NONE, 100);
        RouteConfig config =
                new RouteConfig(name, Task.CHAT, false, List.of(target), false, Optional.empty(), Map.of());
        return new TargetRoute(config, Optional.empty(), call -> Mono.never());
    }
}
