package io.mlflowgateway.samples.process;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Finding a place for a server, and waiting until it answers there. */
public final class Await {
    private static final Duration BETWEEN = Duration.ofMillis(100);

    private Await() {}

    /** A loopback port that was free a moment ago. Another program may take it first, so starting there can fail. */
    public static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /**
     * Returns once {@code GET url} is answered with 200.
     *
     * @throws IOException when the process ends first or the deadline passes
     */
    public static void healthy(Process process, String url, Duration deadline) throws IOException {
        until(url, deadline, () -> {
            if (process.waitFor(BETWEEN.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IOException(
                        "the process ended with exit code " + process.exitValue() + " before it answered at " + url);
            }
        });
    }

    /** Returns once {@code GET url} is answered with 200; fails when the deadline passes. */
    public static void answered(String url, Duration deadline) throws IOException {
        until(url, deadline, () -> TimeUnit.MILLISECONDS.sleep(BETWEEN.toMillis()));
    }

    private interface Pause {
        void take() throws IOException, InterruptedException;
    }

    private static void until(String url, Duration deadline, Pause pause) throws IOException {
        HttpClient client =
                HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
        HttpRequest request = HttpRequest.newBuilder(URI.create(url))
                .timeout(Duration.ofSeconds(2))
                .build();
        long end = System.nanoTime() + deadline.toNanos();
        try {
            while (!answers(client, request)) {
                if (System.nanoTime() > end) {
                    throw new IOException("no answer at " + url + " within " + deadline.toSeconds() + " s");
                }
                pause.take();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for " + url, e);
        }
    }

    private static boolean answers(HttpClient client, HttpRequest request) throws InterruptedException {
        try {
            return client.send(request, BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException notYet) {
            return false;
        }
    }
}
