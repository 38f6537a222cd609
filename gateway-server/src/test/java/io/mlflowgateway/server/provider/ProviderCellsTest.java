package io.mlflowgateway.server.provider;

import static io.mlflowgateway.server.testing.DocsTable.code;
import static io.mlflowgateway.server.testing.DocsTable.head;
import static io.mlflowgateway.server.testing.DocsTable.row;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.mlflowgateway.server.config.ProviderSpec;
import io.mlflowgateway.server.query.Task;
import io.mlflowgateway.server.testing.DocsTable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** No provider lacks a {@link Cell}; which there are is in the documentation, made from the files. */
class ProviderCellsTest {
    static Stream<ProviderSpec> wired() {
        return ProviderCellsIT.wired();
    }

    @ParameterizedTest
    @MethodSource("wired")
    void every_cell_of_a_provider_is_there_and_nothing_else(ProviderSpec spec) throws IOException {
        CellFiles files = new CellFiles(spec);

        List<String> missing = spec.tasks().stream()
                .flatMap(task -> Cell.of(spec, task)
                        .filter(cell -> files.exchangeHeld(task, cell).isEmpty())
                        .map(cell -> cell.fileName(task)))
                .sorted()
                .toList();

        assertThat(missing).as("cells that %s lacks", spec.name()).isEmpty();
        assertThat(files.strays()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("wired")
    void each_cell_comes_to_what_it_is_there_for(ProviderSpec spec) {
        CellFiles files = new CellFiles(spec);
        for (Task task : spec.tasks()) {
            assertThat(Cell.of(spec, task)).allSatisfy(cell -> {
                JsonNode exchange = files.exchangeHeld(task, cell).orElseThrow();

                assertThat(reads(exchange)).as(cell.fileName(task)).matches(cell.due(spec));
            });
        }
    }

    @Test
    void the_cells_are_those_of_the_files() throws IOException {
        List<String> rows = wired().flatMap(ProviderCellsTest::rows).toList();

        List<String> titles = new ArrayList<>(List.of("Provider", "Task"));
        Arrays.stream(Cell.values()).forEach(cell -> titles.add(cell.title));
        DocsTable.mustRead(
                "provider-cells.md", "cells", head(titles.toArray(String[]::new)) + "\n" + String.join("\n", rows));
    }

    private static Stream<String> rows(ProviderSpec spec) {
        CellFiles files = new CellFiles(spec);
        return spec.tasks().stream().sorted().map(task -> {
            List<Cell> due = Cell.of(spec, task).toList();
            List<String> cells = Arrays.stream(Cell.values())
                    .map(cell -> due.contains(cell)
                            ? reads(files.exchangeHeld(task, cell).orElseThrow())
                            : "–")
                    .collect(Collectors.toCollection(ArrayList::new));
            cells.add(0, task.name().toLowerCase(Locale.ROOT));
            cells.add(0, code(spec.name()));
            return row(cells.toArray(String[]::new));
        });
    }

    /** What a cell comes to, in a word. */
    private static String reads(JsonNode exchange) {
        int status = exchange.at("/answer/status").asInt();
        if (exchange.path("sent").isEmpty()) {
            return "refused (" + status + ")";
        }
        JsonNode events = exchange.at("/answer/events");
        if (events.isArray()) {
            boolean whole = events.path(events.size() - 1).asText().equals("[DONE]");
            return whole ? "yes" : "fails";
        }
        return status == 200 ? "yes" : Integer.toString(status);
    }
}
