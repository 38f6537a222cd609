package io.mlflowgateway.samples.demo;

import io.mlflowgateway.samples.localmodel.Main;
import io.mlflowgateway.samples.process.Children;
import io.mlflowgateway.samples.process.GatewayProcess;
import io.mlflowgateway.samples.process.LocalModelProcess;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Starts a local model server and a gateway, runs every sample against them, and leaves the gateway up.
 *
 * <p>Reads system properties the script sets: {@code demo.work} (an existing folder for configuration and logs),
 * {@code demo.jar} (the gateway), {@code demo.parent} (the script's process id) and {@code demo.terminal}.
 */
public final class Demo {
    private static final Duration MODEL_SERVER_START = Duration.ofMinutes(2);

    private final DemoFlags flags;
    private final Path work;
    private final Children children;
    private final PrintStream out = System.out;

    private Demo(DemoFlags flags, Path work, Children children) {
        this.flags = flags;
        this.work = work;
        this.children = children;
    }

    public static void main(String[] arguments) {
        Path work = Path.of(System.getProperty("demo.work"));
        int exit = 1;
        try (Children children = new Children(Optional.of(work.resolve("ids")))) {
            endWith(Long.getLong("demo.parent"), children, work);
            exit = new Demo(DemoFlags.of(List.of(arguments)), work, children).run() ? 0 : 1;
        } catch (IOException | IllegalArgumentException e) {
            System.err.println("demo: " + e.getMessage());
        }
        System.exit(exit);
    }

    /** The script may be killed by a signal it cannot answer; what it started must not go on without it. */
    private static void endWith(@Nullable Long parent, Children children, Path work) {
        if (parent != null) {
            ProcessHandle script = ProcessHandle.of(parent).orElseThrow();
            CompletableFuture<Void> unused = script.onExit().thenRun(() -> endOrphaned(children, work));
        }
    }

    /** Does what the script would have done. */
    private static void endOrphaned(Children children, Path work) {
        children.close();
        try (Stream<Path> files = Files.walk(work)) {
            files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
        } catch (IOException leftBehind) {
            System.err.println("demo: could not delete " + work);
        }
        Runtime.getRuntime().halt(1);
    }

    /** @return whether no sample failed */
    private boolean run() throws IOException {
        if (flags.localModel()) {
            Main.fetchWeights(children, out, Boolean.getBoolean("demo.terminal"));
        }
        List<String> modelFlags = flags.localModel() ? List.of("--local-model") : List.of();
        Path temporary = Files.createDirectory(work.resolve("model-server"));
        LocalModelProcess models = LocalModelProcess.start(children, temporary, MODEL_SERVER_START, modelFlags);
        TextSource text =
                new TextSources(System.getenv(), "http://127.0.0.1:11434").pick(flags.localModel(), models.url());
        Path config = work.resolve("gateway.yaml");
        Files.writeString(config, DemoConfig.yaml(text, models.url()));
        Path jar = Path.of(System.getProperty("demo.jar"));
        GatewayProcess gateway = GatewayProcess.start(children, jar, config, work.resolve("gateway.log"));

        out.println("text source:  " + text.said());
        out.println("embeddings:   all-MiniLM-L6-v2, inside the local model server (" + models.url() + ")");
        out.println("gateway:      " + gateway.url() + " serving " + config);
        Summary summary = new Summary(out);
        new Samples(gateway.url(), config, work, children, out)
                .steps(flags.python())
                .forEach(summary::run);
        summary.print();
        if (!flags.once()) {
            stayUp(gateway.url(), config);
        }
        return !summary.failed();
    }

    private void stayUp(String gateway, Path config) {
        out.println();
        out.println("The gateway stays up at " + gateway + " until Ctrl-C.");
        out.println("  " + gateway + "/docs shows its API");
        out.println("  " + config + " is its configuration; change it and see");
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
