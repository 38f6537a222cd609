package io.mlflowgateway.langchain4j.kit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The gateway's jar as its user runs it: a process of its own on a port of its choice, ended by its id. What it says is kept
 * in {@code target/kit-gateway.log}.
 */
final class GatewayProcess implements AutoCloseable {

    private static final Path JAR = Path.of("..", "gateway-server", "target", "gateway-server.jar");
    private static final Path LOG = Path.of("target", "kit-gateway.log");
    private static final Pattern LISTENING = Pattern.compile("Listening on (http://[^ ]+:\\d+) ");
    private static final long START_SECONDS = 60;
    private static final long END_SECONDS = 10;

    private final Process process;
    private final Queue<String> output = new ConcurrentLinkedQueue<>();
    private final CompletableFuture<String> url = new CompletableFuture<>();

    /** @param config the file with the routes */
    GatewayProcess(Path config) throws IOException {
        if (!Files.exists(JAR)) {
            throw new IllegalStateException(
                    JAR.toAbsolutePath().normalize() + " is missing: mvn verify -pl langchain4j-mlflow-gateway -am");
        }
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        ProcessBuilder builder = new ProcessBuilder(List.of(
                        java,
                        "-Xmx256m",
                        "-jar",
                        JAR.toString(),
                        "start",
                        "--config-path",
                        config.toString(),
                        "--port",
                        "0"))
                .redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith("GATEWAY_") || name.startsWith("MLFLOW_"));
        process = builder.start();
        Thread reader = new Thread(this::read, "gateway-output");
        reader.setDaemon(true);
        reader.start();
    }

    private void read() {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
                PrintWriter log = new PrintWriter(LOG.toFile(), StandardCharsets.UTF_8)) {
            lines.lines().peek(log::println).forEach(this::said);
        } catch (IOException | UncheckedIOException e) {
            output.add(e.toString());
        }
        url.completeExceptionally(new IllegalStateException("the gateway ended: " + String.join("\n", output)));
    }

    private void said(String line) {
        Matcher listening = LISTENING.matcher(line);
        if (listening.find()) {
            url.complete(listening.group(1));
        }
        if (!url.isDone()) {
            output.add(line);
        }
    }

    /** {@return where it listens; waits for it} */
    String url() {
        try {
            return url.get(START_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            process.destroyForcibly();
            throw new IllegalStateException("the gateway did not start: " + String.join("\n", output), e);
        }
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit()
                .completeOnTimeout(process, END_SECONDS, TimeUnit.SECONDS)
                .thenAccept(Process::destroyForcibly)
                .join();
    }
}
