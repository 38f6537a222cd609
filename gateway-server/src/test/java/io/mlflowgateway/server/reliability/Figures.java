package io.mlflowgateway.server.reliability;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a test has seen, kept below {@code target/} for the table in {@code docs/reliability.md}, and printed. */
public final class Figures {
    static final Path FOLDER = Path.of("target", "reliability");

    private Figures() {}

    /**
     * Keeps what was seen; of several for one test the last one counts.
     *
     * @param test the test's method name
     * @param seen one line with the figures, for example {@code 200 of 200 ended after at most 1.3 s}
     */
    public static void seen(Row row, String test, String seen) {
        System.out.println("[" + row + "] " + test + ": " + seen);
        try {
            Path folder = Files.createDirectories(FOLDER.resolve(row.name()));
            Files.writeString(folder.resolve(test + ".txt"), seen);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
