package io.mlflowgateway.samples.python;

import io.mlflowgateway.samples.process.Children;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** MLflow of a pinned version in a virtual environment, made once and kept in the cache folder. */
public final class MlflowEnvironment {
    /** The version of MLflow the environment holds; stands in requirements.txt as well. */
    public static final String VERSION = "2.22.5";

    private static final String READY = "ready";

    private final Children children;
    private final Path folder;

    private MlflowEnvironment(Children children, Path folder) {
        this.children = children;
        this.folder = folder;
    }

    /**
     * Makes the environment unless it is there; the first time takes about half a minute and 300 MB.
     *
     * @param folder where environments are kept
     * @param out hears of it only when the environment is made
     * @throws IOException when packages cannot be fetched; the message holds what pip said
     */
    public static MlflowEnvironment prepare(Children children, Path folder, Python python, PrintStream out)
            throws IOException {
        Path home = folder.resolve("mlflow-" + VERSION + "-python-" + python.version());
        MlflowEnvironment environment = new MlflowEnvironment(children, home);
        Files.createDirectories(home);
        try (FileChannel file =
                        FileChannel.open(home.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock held = file.lock()) {
            String pins = text("requirements.txt");
            Path ready = home.resolve(READY);
            if (held.isValid()
                    && !(Files.exists(ready) && Files.readString(ready).equals(pins))) {
                out.println("installing it into " + home + " (once: about 300 MB, half a minute) ...");
                environment.install(python);
                Files.writeString(ready, pins);
            }
        }
        return environment;
    }

    private void install(Python python) throws IOException {
        run(Map.of(), python.command("-m", "venv", "--clear", venv().toString()));
        Path pins = resource("requirements.txt", folder);
        List<String> install =
                List.of("-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check", "-r");
        List<String> command = new ArrayList<>(List.of(program("python")));
        command.addAll(install);
        command.add(pins.toString());
        run(Map.of(), command);
    }

    /** Saves the Python file of this name, one of this package's resources, as an MLflow model below the folder. */
    Path save(String code, Path below) throws IOException {
        Path model = below.resolve(code.replace(".py", ""));
        run(
                Map.of("MLFLOW_TRACKING_URI", below.resolve("mlruns").toUri().toString()),
                List.of(
                        program("python"),
                        "-W",
                        "ignore",
                        resource("save_model.py", below).toString(),
                        resource(code, below).toString(),
                        model.toString()));
        return model;
    }

    ProcessBuilder mlflow(Map<String, String> variables, List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(program("mlflow")));
        command.addAll(arguments);
        return builder(variables, command);
    }

    private void run(Map<String, String> variables, List<String> command) throws IOException {
        Process process = children.start(builder(variables, command).redirectErrorStream(true));
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (process.waitFor() != 0) {
                throw new IOException(String.join(" ", command) + " failed:\n" + said.strip());
            }
        } catch (InterruptedException e) {
            Children.end(process);
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /** MLflow starts other programs of the environment by their bare names, so they must be on the path. */
    private ProcessBuilder builder(Map<String, String> variables, List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command);
        Map<String, String> environment = builder.environment();
        environment.merge("PATH", venv().resolve("bin").toString(), (path, bin) -> bin + ":" + path);
        environment.put("VIRTUAL_ENV", venv().toString());
        environment.put("MLFLOW_DISABLE_TELEMETRY", "true");
        environment.putAll(variables);
        return builder;
    }

    private Path venv() {
        return folder.resolve("venv");
    }

    private String program(String name) {
        return venv().resolve("bin").resolve(name).toString();
    }

    private static String text(String name) throws IOException {
        try (InputStream in = open(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static Path resource(String name, Path into) throws IOException {
        try (InputStream in = open(name)) {
            Path file = into.resolve(name);
            Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
            return file;
        }
    }

    private static InputStream open(String name) throws IOException {
        InputStream in = MlflowEnvironment.class.getResourceAsStream(name);
        if (in == null) {
            throw new IOException("the resource " + name + " is missing");
        }
        return in;
    }
}
