package io.mlflowgateway.server.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A real nginx with two workers, ended by its id. The machine's own, or else the one that {@code tools/nginx} fetches. */
public final class Nginx implements AutoCloseable {
    private static final String MAIN = """
            daemon off;
            user root;
            worker_processes 2;
            pid @/nginx.pid;
            error_log @/error.log warn;
            events { worker_connections 4096; }
            http {
              client_body_temp_path @/body;
              proxy_temp_path @/proxy;
              fastcgi_temp_path @/fastcgi;
              uwsgi_temp_path @/uwsgi;
              scgi_temp_path @/scgi;
              include @/site.conf;
            }
            """;

    private final Process process;
    private final Path folder;

    /**
     * Starts it; returns once it listens.
     *
     * @param folder for its files; belongs to it alone
     * @param site what stands in a file of {@code conf.d}
     * @param port one the site listens on, on loopback
     */
    public Nginx(Path folder, String site, int port) {
        this.folder = folder;
        try {
            Files.writeString(folder.resolve("site.conf"), site);
            Path main = Files.writeString(folder.resolve("nginx.conf"), MAIN.replace("@", folder.toString()));
            process = new ProcessBuilder(Tool.path("nginx"), "-e", "stderr", "-c", main.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("output.log").toFile())
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        try {
            Eventually.within(Duration.ofSeconds(20), "nginx listens", () -> listens(port));
        } catch (AssertionError e) {
            close();
            throw e;
        }
    }

    private boolean listens(int port) {
        if (!process.isAlive()) {
            throw new AssertionError("nginx ended: " + read("output.log") + read("error.log"));
        }
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    /** A file in its folder, whole; empty when it is not there. */
    public String read(String name) {
        try {
            Path file = folder.resolve(name);
            return Files.exists(file) ? Files.readString(file) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends it and its workers. */
    @Override
    public void close() {
        List<ProcessHandle> workers = process.descendants().toList();
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                workers.forEach(ProcessHandle::destroyForcibly);
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
