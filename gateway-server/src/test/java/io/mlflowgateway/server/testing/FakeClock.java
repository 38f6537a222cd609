package io.mlflowgateway.server.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/**
 * The wall clock of another process, to be set while it runs; its monotonic clock goes on. Made of libfaketime, the
 * machine's own or else the one that {@code tools/libfaketime} fetches.
 */
public final class FakeClock {
    private static final Path TOOL = Path.of("src", "test", "tools", "libfaketime");

    private final String library;
    private final Path offset;

    /** @param folder for its file */
    public FakeClock(Path folder) {
        library = library();
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

    /** In CI there must be one; elsewhere, say offline or on another system, the test that needs it is left out. */
    private static String library() {
        try {
            Path said = Files.createTempFile("libfaketime", ".txt");
            Process tool = new ProcessBuilder("bash", TOOL.toString())
                    .redirectError(said.toFile())
                    .start();
            tool.getOutputStream().close();
            if (!tool.waitFor(3, TimeUnit.MINUTES)) {
                tool.descendants().forEach(ProcessHandle::destroyForcibly);
                tool.destroyForcibly();
            }
            String path = new String(tool.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            String why = Files.readString(said);
            Files.delete(said);
            Assumptions.assumeTrue(!path.isEmpty() || System.getenv("CI") != null, "no libfaketime here: " + why);
            if (path.isEmpty()) {
                throw new AssertionError("no libfaketime: " + why);
            }
            return path;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
