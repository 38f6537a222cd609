package io.mlflowgateway.samples.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The local model server in a process of its own, run from this program's class path. */
public final class LocalModelProcess implements AutoCloseable {
    private static final String MAIN = "io.mlflowgateway.samples.localmodel.Main";
    private static final String FIRST_WORD = "listening ";

    private final Process process;
    private final String url;

    private LocalModelProcess(Process process, String url) {
        this.process = process;
        this.url = url;
    }

    /**
     * Starts the server and returns once it listens. What it has to say goes to this program's error output.
     *
     * @param temporary an existing folder for the server's temporary files, among them native libraries of some 16 MB that
     *     stay when it ends; the caller's to delete
     * @param deadline with text on a first run this includes fetching the weights
     * @param flags of the server, for example {@code --local-model}
     */
    public static LocalModelProcess start(Children children, Path temporary, Duration deadline, List<String> flags)
            throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Java.command(),
                "-Xmx512m",
                "-Djava.io.tmpdir=" + temporary.toAbsolutePath(),
                "-cp",
                System.getProperty("java.class.path"),
                MAIN));
        command.addAll(List.of("--parent", Long.toString(ProcessHandle.current().pid())));
        command.addAll(flags);
        Process process = children.start(new ProcessBuilder(command).redirectError(Redirect.INHERIT));
        String line = firstLine(process, deadline);
        if (!line.startsWith(FIRST_WORD)) {
            Children.end(process);
            throw new IOException("the local model server did not start, it said: " + line);
        }
        return new LocalModelProcess(
                process, line.substring(FIRST_WORD.length()).strip());
    }

    private static String firstLine(Process process, Duration deadline) throws IOException {
        CompletableFuture<String> line = CompletableFuture.supplyAsync(() -> readLine(process));
        try {
            return line.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "interrupted";
        } catch (ExecutionException e) {
            return "unreadable output";
        } catch (TimeoutException e) {
            return "nothing within " + deadline.toSeconds() + " s";
        }
    }

    private static String readLine(Process process) {
        try {
            String line = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))
                    .readLine();
            return line == null ? "nothing" : line;
        } catch (IOException e) {
            return "unreadable output";
        }
    }

    /** Without a slash at the end; OpenAI's paths begin below {@code /v1}. */
    public String url() {
        return url;
    }

    @Override
    public void close() {
        Children.end(process);
    }
}
