package io.mlflowgateway.server.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The built jar as its user runs it: a process of its own, ended by its id. */
public final class GatewayProcess implements AutoCloseable {
    private static final Path JAR = Path.of("target", "gateway-server.jar");
    private static final int KEPT = 1024 * 1024;
    private static final Pattern LISTENING = Pattern.compile("Listening on http://[^ ]+:(\\d+) ");

    private final Process process;
    private final StringBuffer output = new StringBuffer();
    private final Thread reader;

    /** Runs {@code java -jar gateway-server.jar} with these arguments and these variables beside the usual ones. */
    public GatewayProcess(Map<String, String> variables, String... arguments) {
        this(builder -> builder.redirectErrorStream(true), variables, arguments);
    }

    /**
     * As {@link #GatewayProcess(Map, String...)}, with standard output and error elsewhere.
     *
     * @param streams says where; standard error left as it is goes into a pipe that nobody reads
     */
    public GatewayProcess(UnaryOperator<ProcessBuilder> streams, Map<String, String> variables, String... arguments) {
        if (!Files.exists(JAR)) {
            throw new IllegalStateException(JAR.toAbsolutePath() + " is missing: mvn -DskipTests package makes it");
        }
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-jar",
                JAR.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = streams.apply(new ProcessBuilder(command));
        builder.environment().keySet().removeIf(name -> name.startsWith("GATEWAY_") || name.startsWith("MLFLOW_"));
        builder.environment().putAll(variables);
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        reader = new Thread(this::read, "gateway-output");
        reader.setDaemon(true);
        reader.start();
    }

    private void read() {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            lines.lines().forEach(this::keep);
        } catch (IOException | UncheckedIOException e) {
            output.append("(output ended: ").append(e.getMessage()).append(")\n");
        }
    }

    /** A run of half an hour logs more than the tests' memory: its first lines and its last are what tells something. */
    private void keep(String line) {
        output.append(line).append('\n');
        if (output.length() > 4 * KEPT) {
            output.delete(KEPT, output.length() - KEPT);
            output.insert(KEPT, "\n(lines are left out here)\n");
        }
    }

    /** The port it says it listens on. */
    public int port() {
        Eventually.within(Duration.ofSeconds(20), "the gateway listens", () -> {
            if (!process.isAlive()) {
                throw new AssertionError("the gateway ended: " + output);
            }
            return LISTENING.matcher(output).find();
        });
        Matcher said = LISTENING.matcher(output);
        if (!said.find()) {
            throw new AssertionError(output.toString());
        }
        return Integer.parseInt(said.group(1));
    }

    /** Its process id. */
    public long pid() {
        return process.pid();
    }

    /** Everything it has printed so far. */
    public String output() {
        return output.toString();
    }

    /** Sends SIGTERM, and leaves its output as it is: {@code Process.destroy} would close our end of the pipes. */
    public void terminate() {
        process.toHandle().destroy();
    }

    /** Waits at most 20 s for its end and gives its exit code. */
    public int exitCode() {
        return exitCode(Duration.ofSeconds(20));
    }

    /** Sends a signal by its name, for example {@code INT}. */
    public void signal(String name) {
        try {
            new ProcessBuilder("kill", "-" + name, Long.toString(pid())).start().waitFor(10, TimeUnit.SECONDS);
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Waits for its end and gives its exit code. */
    public int exitCode(Duration patience) {
        try {
            if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError("still running: " + output);
            }
            reader.join(5_000);
            return process.exitValue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
