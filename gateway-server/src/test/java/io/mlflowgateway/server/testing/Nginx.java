package io.mlflowgateway.server.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** A real nginx with two workers, ended by its id. The machine's own, or else the one that {@code tools/nginx} fetches. */
public final class Nginx implements AutoCloseable {
    private static final Path TOOL = Path.of("src", "test", "tools", "nginx");
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
            process = new ProcessBuilder(binary(), "-e", "stderr", "-c", main.toString())
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

    /** In CI there must be one; elsewhere, say offline, the test that needs it is left out. */
    private static String binary() throws IOException {
        Path said = Files.createTempFile("nginx", ".txt");
        Process tool = new ProcessBuilder("bash", TOOL.toString())
                .redirectErrorStream(false)
                .redirectError(said.toFile())
                .start();
        tool.getOutputStream().close();
        try {
            if (!tool.waitFor(3, TimeUnit.MINUTES)) {
                tool.descendants().forEach(ProcessHandle::destroyForcibly);
                tool.destroyForcibly();
            }
            String path = new String(tool.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            String why = Files.readString(said);
            Files.delete(said);
            Assumptions.assumeTrue(!path.isEmpty() || inCi(), "there is no nginx here: " + why);
            if (path.isEmpty()) {
                throw new AssertionError("no nginx: " + why);
            }
            return path;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static boolean inCi() {
        return System.getenv("CI") != null;
    }
}
