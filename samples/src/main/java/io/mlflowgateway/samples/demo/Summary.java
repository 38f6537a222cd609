package io.mlflowgateway.samples.demo;

import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Runs steps one after the other and remembers how each went. */
final class Summary {
    private record Row(String name, String result, Duration took, String note) {}

    private final PrintStream out;
    private final List<Row> rows = new ArrayList<>();
    private boolean failed;

    Summary(PrintStream out) {
        this.out = out;
    }

    void run(Step step) {
        out.println();
        out.println("== " + step.name() + ": " + step.idea());
        long start = System.nanoTime();
        var reason = step.skip().get();
        if (reason.isPresent()) {
            out.println("skipped: " + reason.get());
            add(step, "skipped", start, reason.get());
            return;
        }
        try {
            step.body().run();
            add(step, "ok", start, "");
        } catch (Exception | AssertionError e) {
            // The next sample is still worth seeing; the exit code tells that one failed.
            failed = true;
            String message = e.getMessage() == null ? e.toString() : e.getMessage();
            out.println("FAILED: " + message);
            add(step, "FAILED", start, message.lines().findFirst().orElse(""));
        }
    }

    private void add(Step step, String result, long start, String note) {
        rows.add(new Row(step.name(), result, Duration.ofNanos(System.nanoTime() - start), note));
    }

    void print() {
        out.println();
        out.println(String.format(Locale.ROOT, "%-20s %-8s %8s", "sample", "result", "seconds"));
        for (Row row : rows) {
            String line = String.format(
                    Locale.ROOT,
                    "%-20s %-8s %8.1f  %s",
                    row.name(),
                    row.result(),
                    row.took().toMillis() / 1000.0,
                    row.note());
            out.println(line.stripTrailing());
        }
    }

    boolean failed() {
        return failed;
    }
}
