package io.mlflowgateway.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.server.http.Answer;
import io.mlflowgateway.server.http.Head;
import io.mlflowgateway.server.routing.RouteTable;
import io.mlflowgateway.server.testing.Await;
import io.mlflowgateway.server.testing.Calls;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

class PathTableTest {
    private static final RouteTable NO_ROUTES = new RouteTable(List.of(), "v");

    private final PathTable paths = new PathTable();

    PathTableTest() {
        paths.get("/things", (table, name, head, body) -> said("all"));
        paths.get("/things/{name}", (table, name, head, body) -> said("thing " + name));
        paths.post("/things/kinds/{name}", (table, name, head, body) -> said("kind " + name));
        paths.get("/things/{name}/colour", (table, name, head, body) -> said("colour of " + name));
        paths.postToRoute("/routes/{name}/call", (route, head, body) -> said("called " + route.name()));
    }

    @ParameterizedTest
    @CsvSource({
        "/things, GET, all",
        "/things/a, GET, thing a",
        "/things/kinds, GET, thing kinds",
        "/things/kinds/b, POST, kind b",
        "/things/a b/colour, GET, colour of a b",
        "/things//colour, GET, 'colour of '",
    })
    void a_path_leads_to_its_row_and_brings_the_name(String path, String method, String said) {
        PathTable.Served served = paths.find(path, NO_ROUTES).orElseThrow();

        assertThat(served.method()).isEqualTo(method);
        assertThat(text(served)).isEqualTo(said);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "/", "/thing", "/things/a/b", "/things/a/b/colour", "/things/colour/", "/Things", "/colour"})
    void any_other_path_leads_nowhere(String path) {
        assertThat(paths.find(path, NO_ROUTES)).isEmpty();
    }

    @Test
    void nothing_is_served_where_the_path_names_no_route() {
        assertThat(paths.find("/routes/absent/call", NO_ROUTES)).isEmpty();
    }

    private static Mono<Answer> said(String text) {
        return Mono.just(new Answer.Whole(200, Map.of(), text.getBytes(StandardCharsets.UTF_8)));
    }

    private static String text(PathTable.Served served) {
        Head head = new Head("id", "GET", "/", "", name -> null, false, Calls.notes());
        Answer answer = Await.value(served.endpoint().answer(head, new byte[0]));
        return new String(((Answer.Whole) answer).body(), StandardCharsets.UTF_8);
    }
}
