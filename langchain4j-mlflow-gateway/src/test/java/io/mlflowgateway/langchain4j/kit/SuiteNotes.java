package io.mlflowgateway.langchain4j.kit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;

/** What became of the cases of a suite, kept in a file until the table is made. Safe for use by many threads. */
final class SuiteNotes {

    static final Path FOLDER = Path.of("target", "conformance");

    private final Class<?> suite;
    private final Queue<Note> notes = new ConcurrentLinkedQueue<>();
    private volatile Map<String, String> switchesOff = Map.of();

    SuiteNotes(Class<?> suite) {
        this.suite = suite;
    }

    /** Leaves nothing of an earlier run, so that a suite that is not run is missed. */
    static void forget() throws IOException {
        Files.createDirectories(FOLDER);
        try (Stream<Path> files = Files.list(FOLDER)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
    }

    void switches(Map<String, String> off) {
        switchesOff = off;
    }

    void passed(ExtensionContext context) {
        note(Note.Kind.PASSED, context, "");
    }

    void failed(ExtensionContext context) {
        note(Note.Kind.FAILED, context, "");
    }

    void skipped(ExtensionContext context, String reason) {
        note(Note.Kind.SKIPPED, context, reason);
    }

    private void note(Note.Kind kind, ExtensionContext context, String reason) {
        notes.add(new Note(kind, context.getRequiredTestMethod().getName(), reason));
    }

    void write() {
        switchesOff.forEach((name, reason) -> notes.add(new Note(Note.Kind.OFF, name, reason)));
        List<String> lines = notes.stream().map(Note::line).sorted().toList();
        try {
            Files.createDirectories(FOLDER);
            Files.write(FOLDER.resolve(suite.getSimpleName() + ".tsv"), lines);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
