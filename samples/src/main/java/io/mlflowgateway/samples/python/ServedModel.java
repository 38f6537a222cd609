package io.mlflowgateway.samples.python;

import io.mlflowgateway.samples.process.Await;
import io.mlflowgateway.samples.process.Children;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A model behind {@code mlflow models serve}, in a process of its own on a free loopback port. */
public final class ServedModel implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(90);

    private final Process process;
    private final Path log;
    private final String url;

    private ServedModel(Process process, Path log, String url) {
        this.process = process;
        this.log = log;
        this.url = url;
    }

    /**
     * Begins to serve; {@link #awaitHealthy()} says when it answers.
     *
     * @param code the Python file, a resource of this package, that holds the model
     * @param variables what the model finds in its environment
     */
    public static ServedModel start(
            Children children, MlflowEnvironment environment, String code, Path work, Map<String, String> variables)
            throws IOException {
        Path model = environment.save(code, work);
        Path log = work.resolve(code + ".log");
        int port = Await.freePort();
        List<String> arguments = List.of(
                "models",
                "serve",
                "--model-uri",
                model.toString(),
                "--env-manager",
                "local",
                "--host",
                "127.0.0.1",
                "--port",
                Integer.toString(port),
                "--workers",
                "1");
        ProcessBuilder builder = environment
                .mlflow(variables, arguments)
                .directory(work.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        return new ServedModel(children.start(builder), log, "http://127.0.0.1:" + port);
    }

    /** @throws IOException when it does not come up; the message holds its output */
    public void awaitHealthy() throws IOException {
        try {
            Await.healthy(process, url + "/health", START);
        } catch (IOException e) {
            throw new IOException(
                    "mlflow models serve did not start: " + e.getMessage() + "\n" + Files.readString(log), e);
        }
    }

    /** What a route of the provider {@code mlflow-model-serving} takes as its {@code model_server_url}. */
    public String url() {
        return url;
    }

    @Override
    public void close() {
        Children.end(process);
    }
}
