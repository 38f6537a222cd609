package io.mlflowgateway.samples.python;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A Python 3.9 or newer that this machine has. */
public final class Python {
    private static final String ASK_VERSION = "import sys; print('%d.%d' % sys.version_info[:2])";
    private static final int LEAST_MINOR = 9;

    private final String command;
    private final String version;

    private Python(String command, String version) {
        this.command = command;
        this.version = version;
    }

    public static Optional<Python> find() {
        return find(List.of("python3", "python"));
    }

    /** The first of the commands that is new enough. */
    static Optional<Python> find(List<String> commands) {
        for (String command : commands) {
            Optional<String> version = run(List.of(command, "-c", ASK_VERSION));
            if (version.isPresent() && isNewEnough(version.get())) {
                return Optional.of(new Python(command, version.get()));
            }
        }
        return Optional.empty();
    }

    static boolean isNewEnough(String version) {
        String[] parts = version.split("\\.", 2);
        return parts.length == 2 && parts[0].equals("3") && Integer.parseInt(parts[1]) >= LEAST_MINOR;
    }

    /** Whether {@code import module} works; a distribution may leave out {@code pip} or {@code ensurepip}. */
    public boolean has(String module) {
        return run(List.of(command, "-c", "import " + module)).isPresent();
    }

    /** For example {@code 3.11}. */
    public String version() {
        return version;
    }

    /** This Python followed by the arguments. */
    public List<String> command(String... arguments) {
        List<String> line = new ArrayList<>(List.of(command));
        line.addAll(List.of(arguments));
        return line;
    }

    private static Optional<String> run(List<String> command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            process.getOutputStream().close();
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return Optional.empty();
            }
            String said = new String(process.getInputStream().readNBytes(200), StandardCharsets.UTF_8);
            return process.exitValue() == 0 ? Optional.of(said.strip()) : Optional.empty();
        } catch (IOException notThere) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
