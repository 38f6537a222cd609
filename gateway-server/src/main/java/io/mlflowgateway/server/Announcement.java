package io.mlflowgateway.server;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What a command says on a stream that perhaps nobody reads. A full pipe takes nothing, and what prints to it stands
 * still; that must not be the command itself.
 */
final class Announcement {
    /** Longer than a reader that is only busy needs. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final PrintWriter out;
    private final List<String> lines = new ArrayList<>();

    Announcement(PrintWriter out) {
        this.out = out;
    }

    Announcement line(String text) {
        lines.add(text);
        return this;
    }

    /** Prints it, and returns when it is out; after a second also when it is not. */
    void say() {
        Thread printer = new Thread(this::print, "announcement");
        printer.setDaemon(true);
        printer.start();
        try {
            printer.join(PATIENCE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void print() {
        lines.forEach(out::println);
        out.flush();
    }
}
