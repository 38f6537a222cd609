package io.mlflowgateway.samples.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The gateway, run from its jar the way a user runs it. */
public final class GatewayProcess implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(60);
    private static final int TRIES = 3;

    private final Process process;
    private final String url;

    private GatewayProcess(Process process, String url) {
        this.process = process;
        this.url = url;
    }

    /**
     * Starts the gateway on a free loopback port and returns once it is healthy.
     *
     * @param log where its output goes; the end of it is in the message when the start fails
     */
    public static GatewayProcess start(Children children, Path jar, Path config, Path log) throws IOException {
        IOException last = new IOException("not tried");
        for (int tries = 0; tries < TRIES; tries++) {
            int port = Await.freePort();
            Process process = children.start(new ProcessBuilder(command(jar, config, port))
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile()));
            String url = "http://127.0.0.1:" + port;
            try {
                Await.healthy(process, url + "/health", START);
                return new GatewayProcess(process, url);
            } catch (IOException e) {
                last = new IOException("the gateway did not start: " + e.getMessage() + "\n" + tail(log), e);
                Children.end(process);
            }
        }
        throw last;
    }

    private static List<String> command(Path jar, Path config, int port) {
        return List.of(
                Java.command(),
                "-jar",
                jar.toString(),
                "start",
                "--config-path",
                config.toString(),
                "--host",
                "127.0.0.1",
                "--port",
                Integer.toString(port));
    }

    private static String tail(Path log) throws IOException {
        List<String> lines = Files.readAllLines(log);
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 20), lines.size()));
    }

    /** Without a slash at the end. */
    public String url() {
        return url;
    }

    @Override
    public void close() {
        Children.end(process);
    }
}
