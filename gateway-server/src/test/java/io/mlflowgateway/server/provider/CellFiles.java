package io.mlflowgateway.server.provider;

import com.fasterxml.jackson.databind.JsonNode;
import io.mlflowgateway.server.config.ProviderSpec;
import io.mlflowgateway.server.query.Task;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The files of one provider's cells, in {@code provider/<name>/}: {@code target.json} as a configuration has it, with
 * {@code @UPSTREAM@} for the provider's address; {@code error-<status>.json}, its refusals of every task; and under
 * {@code cells/}, for each cell, {@code <cell>.reply.json}, {@code .reply.sse} or {@code .reply.frames} (what the provider
 * answers) and {@code <cell>.exchange.json} (what it was sent, and what the caller got). A cell whose call the gateway
 * refuses itself has no reply. The call is a file of {@code provider/calls/}, the same for all, but where a provider takes
 * less: then it is one of its own {@code calls/}.
 */
record CellFiles(ProviderSpec provider) {
    static final Path ROOT = Path.of("src", "test", "resources", "provider");

    /** Each kind of reply and the content type it comes with. */
    enum Kind {
        JSON("application/json"),
        SSE("text/event-stream"),
        FRAMES("application/vnd.amazon.eventstream");

        final String contentType;

        Kind(String contentType) {
            this.contentType = contentType;
        }
    }

    /** What the provider answers. */
    record Answer(int status, Kind kind, String text) {}

    /** The caller's words: the provider's own file under {@code calls/}, or that of all providers. */
    String call(Task task, Cell cell) {
        Path own = folder().resolve("calls").resolve(cell.callFile(task));
        return text(own).orElseGet(() -> read(ROOT.resolve("calls").resolve(cell.callFile(task))));
    }

    /** The configuration of a target whose calls go to this address. */
    String target(String upstream) {
        return read(folder().resolve("target.json")).replace("@UPSTREAM@", upstream);
    }

    /** What the provider answers; empty where there is no file. */
    Optional<Answer> answer(Task task, Cell cell) {
        Stream<Answer> replies = Stream.of(Kind.values()).flatMap(kind -> reply(task, cell, kind).stream());
        Stream<Answer> refusals = cell.statuses.stream().flatMap(status -> refusal(status).stream());
        return Stream.concat(refusals, replies).findFirst();
    }

    private Optional<Answer> reply(Task task, Cell cell, Kind kind) {
        String ending = kind.name().toLowerCase(Locale.ROOT);
        return text(folder().resolve("cells").resolve(cell.fileName(task) + ".reply." + ending))
                .map(text -> new Answer(200, kind, text));
    }

    private Optional<Answer> refusal(int status) {
        return text(folder().resolve("error-" + status + ".json")).map(text -> new Answer(status, Kind.JSON, text));
    }

    Path exchange(Task task, Cell cell) {
        return folder().resolve("cells").resolve(cell.fileName(task) + ".exchange.json");
    }

    /** What was sent and answered, as it is held; empty where there is no file. */
    Optional<JsonNode> exchangeHeld(Task task, Cell cell) {
        return text(exchange(task, cell)).map(ProviderContract::json);
    }

    /** Files among the cells that are none. */
    List<String> strays() throws IOException {
        Set<String> names = new TreeSet<>();
        for (Task task : provider.tasks()) {
            Cell.of(provider, task).map(cell -> cell.fileName(task)).forEach(names::add);
        }
        try (Stream<Path> files = Files.list(folder().resolve("cells"))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> !names.contains(name.substring(0, name.indexOf('.'))))
                    .sorted()
                    .toList();
        }
    }

    private Path folder() {
        return ROOT.resolve(provider.name());
    }

    private static Optional<String> text(Path file) {
        return Files.exists(file) ? Optional.of(read(file)) : Optional.empty();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
