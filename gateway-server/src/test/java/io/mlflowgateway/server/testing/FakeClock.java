package io.mlflowgateway.server.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Map;

/**
 * The wall clock of another process, to be set while it runs; its monotonic clock goes on. Made of libfaketime, the
 * machine's own or else the one that {@code tools/libfaketime} fetches.
 */
public final class FakeClock {
    private final String library;
    private final Path offset;

    /** @param folder for its file */
    public FakeClock(Path folder) {
        library = Tool.path("libfaketime");
        offset = folder.resolve("clock-offset");
        jumpTo(Duration.ZERO);
    }

    /** What the process must have in its environment. */
    public Map<String, String> variables() {
        return Map.of(
                "LD_PRELOAD", library,
                "FAKETIME_TIMESTAMP_FILE", offset.toString(),
                "FAKETIME_NO_CACHE", "1",
                "FAKETIME_DONT_FAKE_MONOTONIC", "1",
                // Without this, every timed wait of a JVM turns into a busy loop.
                "FAKETIME_FORCE_MONOTONIC_FIX", "0");
    }

    /** Sets the clock, this far from the real one. */
    public void jumpTo(Duration ahead) {
        try {
            Path next = Files.writeString(
                    offset.resolveSibling("clock-offset-next"), String.format("%+d", ahead.toSeconds()));
            Files.move(next, offset, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
