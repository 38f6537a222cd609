package io.mlflowgateway.server.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mlflowgateway.server.config.ProviderSpec;
import io.mlflowgateway.server.query.Task;
import io.mlflowgateway.server.testing.RawConnection;
import io.mlflowgateway.server.testing.RawConnection.RawAnswer;
import io.mlflowgateway.server.testing.TestGateway;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;

/**
 * Every {@link Cell} of every provider over real sockets: the caller's file goes in, the provider's file comes back, and
 * what was sent and answered is what the cell's {@code exchange.json} says, as trees. {@code -Dregenerate=true} writes
 * those; they are to be read before they are kept.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ProviderCellsIT {
    private static final Map<Task, String> PATHS = Map.of(
            Task.CHAT, "/v1/chat/completions", Task.COMPLETIONS, "/v1/completions", Task.EMBEDDINGS, "/v1/embeddings");

    private record Place(CellFiles files, Task task, Cell cell) {
        /** The route, and where it leads below the upstream. */
        String name() {
            return files.provider().name() + "." + cell.fileName(task);
        }
    }

    private final CellUpstream upstream = new CellUpstream();
    private List<Place> places;
    private TestGateway gateway;

    @BeforeAll
    void start() {
        places = wired().flatMap(ProviderCellsIT::places).toList();
        places.forEach(place -> place.files()
                .answer(place.task(), place.cell())
                .ifPresent(answer -> upstream.put(place.name(), answer)));
        gateway = TestGateway.with(
                "endpoints:\n" + places.stream().map(this::route).collect(Collectors.joining()));
    }

    @AfterAll
    void stop() {
        gateway.close();
        upstream.close();
    }

    /** Providers that are asked over HTTP. */
    static Stream<ProviderSpec> wired() {
        Providers providers = new Providers();
        return providers.specs().stream()
                .filter(spec -> providers.find(spec.name()).orElseThrow() instanceof WireProvider);
    }

    private static Stream<Place> places(ProviderSpec spec) {
        CellFiles files = new CellFiles(spec);
        return spec.tasks().stream()
                .sorted()
                .flatMap(task -> Cell.of(spec, task).map(cell -> new Place(files, task, cell)));
    }

    private String route(Place place) {
        return "  - name: " + place.name() + "\n    endpoint_type: llm/v1/"
                + place.task().name().toLowerCase(Locale.ROOT) + "\n    model: "
                + place.files().target(upstream.at(place.name())).replace("\n", " ") + "\n";
    }

    @TestFactory
    Stream<DynamicTest> a_call_goes_out_and_comes_back_as_the_files_say() {
        return places.stream().map(place -> dynamicTest(place.name(), () -> check(place)));
    }

    private void check(Place place) throws IOException {
        ObjectNode call = (ObjectNode) ProviderContract.json(place.files().call(place.task(), place.cell()));
        call.put("model", place.name());

        RawAnswer answer = asked(Objects.requireNonNull(PATHS.get(place.task())), call.toString());

        ObjectNode exchange = JsonNodeFactory.instance.objectNode();
        exchange.set("sent", upstream.sentTo(place.name()));
        exchange.set("answer", told(answer));
        String reply = place.files()
                .answer(place.task(), place.cell())
                .map(CellFiles.Answer::text)
                .orElse("");
        settle(exchange, reply);
        assertThat(exchange.path("sent").isEmpty() || !reply.isEmpty())
                .as("a reply of the provider for %s is among its files", place.name())
                .isTrue();
        mustHold(place, exchange);
    }

    /** By a connection of its own: one on which a stream failed is not to be used again. */
    private RawAnswer asked(String path, String call) {
        try (RawConnection caller = new RawConnection(gateway.port())) {
            return caller.post(path, call).answer();
        }
    }

    private static ObjectNode told(RawAnswer answer) {
        ObjectNode told = JsonNodeFactory.instance.objectNode().put("status", answer.status());
        if (answer.status() == 429) {
            told.put("retry-after", answer.header("Retry-After"));
        }
        if (answer.header("Content-Type").startsWith("text/event-stream")) {
            ArrayNode events = told.putArray("events");
            answer.body()
                    .lines()
                    .filter(line -> line.startsWith("data: "))
                    .map(line -> event(line.substring("data: ".length())))
                    .forEach(events::add);
        } else {
            told.set("body", ProviderContract.json(answer.body()));
        }
        return told;
    }

    private static JsonNode event(String data) {
        return data.equals("[DONE]") ? JsonNodeFactory.instance.textNode(data) : ProviderContract.json(data);
    }

    /** What the gateway makes up: the time it is and an id, where the provider says none, and the request's own. */
    private static void settle(JsonNode node, String reply) {
        if (node instanceof ObjectNode object) {
            long created = object.path("created").asLong();
            if (Math.abs(created - Instant.now().getEpochSecond()) < 600) {
                object.put("created", "now");
            }
            String id = object.path("id").asText();
            object.remove("request_id");
            if (object.has("object") && !id.isEmpty() && !reply.contains(id)) {
                object.put("id", "of the gateway");
            }
        }
        node.forEach(child -> settle(child, reply));
    }

    private static void mustHold(Place place, ObjectNode exchange) throws IOException {
        Path file = place.files().exchange(place.task(), place.cell());
        if (Boolean.getBoolean("regenerate")) {
            Files.writeString(file, exchange.toPrettyString() + "\n");
        }
        assertThat(place.files().exchangeHeld(place.task(), place.cell()))
                .as("%s; -Dregenerate=true writes it", file)
                .contains(exchange);
    }
}
