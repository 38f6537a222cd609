package io.mlflowgateway.server.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** A program of the machine, or else the one that a script below {@code src/test/tools} fetches. */
final class Tool {
    private static final Path FOLDER = Path.of("src", "test", "tools");

    private Tool() {}

    /**
     * Where it is, as its script says within three minutes. In CI there must be one; elsewhere, say offline or on another
     * system, the test that needs it is left out.
     */
    static String path(String name) {
        try {
            Path said = Files.createTempFile(name, ".txt");
            Process script = new ProcessBuilder("bash", FOLDER.resolve(name).toString())
                    .redirectError(said.toFile())
                    .start();
            script.getOutputStream().close();
            if (!script.waitFor(3, TimeUnit.MINUTES)) {
                script.descendants().forEach(ProcessHandle::destroyForcibly);
                script.destroyForcibly();
            }
            String path = new String(script.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            String why = Files.readString(said);
            Files.delete(said);
            Assumptions.assumeTrue(
                    !path.isEmpty() || System.getenv("CI") != null, "there is no " + name + " here: " + why);
            if (path.isEmpty()) {
                throw new AssertionError("no " + name + ": " + why);
            }
            return path;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
