package io.mlflowgateway.samples.localmodel;

import java.io.PrintStream;
import java.util.Locale;

/** Shows how much of a download is here: redrawn in place on a terminal, a line per quarter anywhere else. */
final class ProgressBar {
    private static final int WIDTH = 30;

    private final PrintStream out;
    private final boolean terminal;
    private int shownQuarter;

    ProgressBar(PrintStream out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    synchronized void show(long done, long total) {
        double part = Math.min(1, (double) done / total);
        if (terminal) {
            out.print("\r" + line(part, done, total));
            out.flush();
            return;
        }
        int quarter = (int) (part * 4);
        if (quarter > shownQuarter) {
            shownQuarter = quarter;
            out.println(line(part, done, total));
        }
    }

    void end(long total) {
        show(total, total);
        if (terminal) {
            out.println();
        }
    }

    private static String line(double part, long done, long total) {
        int filled = (int) (part * WIDTH);
        return String.format(
                Locale.ROOT,
                "  [%s%s] %3d %%  %d of %d MB",
                "#".repeat(filled),
                ".".repeat(WIDTH - filled),
                (int) (part * 100),
                Math.min(done, total) / 1_000_000,
                total / 1_000_000);
    }
}
