package io.mlflowgateway.server;

import io.mlflowgateway.server.training.Training;
import java.io.IOException;
import java.io.PipedReader;
import java.io.PipedWriter;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Scanner;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * Starts a gateway in this process, asks it the usual calls and ends. With the Java machine's {@code
 * -XX:ArchiveClassesAtExit=FILE} that leaves an archive of the classes a start needs.
 */
@Command(
        name = "train",
        description = "Runs once and ends: for java -XX:ArchiveClassesAtExit=FILE, so that starts are short.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {"0:done", "1:the gateway did not start or answer"})
final class TrainCommand implements Callable<Integer> {
    private static final Pattern ADDRESS = Pattern.compile("http://[^ ]+");

    @Spec
    private CommandSpec command = CommandSpec.create();

    @Override
    public Integer call() throws InterruptedException {
        try (Training training = new Training()) {
            Path config = Files.createTempFile("training", ".yaml");
            try {
                Files.writeString(config, training.config());
                training.ask(started(config));
            } finally {
                Files.delete(config);
            }
            return 0;
        } catch (IOException | NoSuchElementException e) {
            new Announcement(command.commandLine().getErr())
                    .line("no training: " + e)
                    .say();
            // The gateway that was started would end the process with 0.
            Runtime.getRuntime().halt(1);
            return 1;
        }
    }

    /** Where the gateway listens. It goes on until the process ends. */
    private static String started(Path config) throws IOException {
        PipedReader said = new PipedReader();
        PrintWriter out = new PrintWriter(new PipedWriter(said), true);
        String[] words = {"start", "--config-path", config.toString(), "--host", "127.0.0.1", "--port", "0"};
        EarlyStart.begin();
        Start start = PlainStart.of(words, Map.of(), out, out).orElseThrow();
        Thread thread = new Thread(() -> run(start, out), "start");
        thread.setDaemon(true);
        thread.start();
        String address = new Scanner(said).findWithinHorizon(ADDRESS, 0);
        if (address == null) {
            throw new IOException("the gateway did not start");
        }
        return address;
    }

    private static void run(Start start, PrintWriter out) {
        try (out) {
            start.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
