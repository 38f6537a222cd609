package io.mlflowgateway.samples.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * The programs this one started. They end with it, however it ends: by {@link #close()}, by a signal, or, where an id file
 * is kept, by whoever reads the file after this JVM was killed. Safe for use by many threads.
 */
public final class Children implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Optional<Path> idFile;
    private final List<Process> running = new ArrayList<>();
    private final Thread atExit = new Thread(this::endAll, "end-children");
    private boolean closed;

    /** @param idFile holds the process ids of those that run, one a line, and is gone when all have ended */
    public Children(Optional<Path> idFile) {
        this.idFile = idFile;
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    public synchronized Process start(ProcessBuilder builder) throws IOException {
        if (closed) {
            throw new IOException("this program is ending and starts no other");
        }
        Process process = builder.start();
        running.add(process);
        noteIds();
        CompletableFuture<Void> unused = process.onExit().thenAccept(this::forget);
        return process;
    }

    private synchronized void forget(Process process) {
        if (!closed) {
            running.remove(process);
            noteIds();
        }
    }

    private void noteIds() {
        idFile.ifPresent(file -> {
            try {
                Files.write(
                        file,
                        running.stream()
                                .map(process -> Long.toString(process.pid()))
                                .toList());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    /** Asks the process and all it started to end, waits some seconds, then makes them. Returns when they are gone. */
    public static void end(Process process) {
        // Children first: once their parent is gone nobody knows whose they were.
        List<ProcessHandle> all = Stream.concat(process.descendants(), Stream.of(process.toHandle()))
                .toList();
        all.forEach(ProcessHandle::destroy);
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        for (ProcessHandle handle : all) {
            await(handle, deadline - System.nanoTime());
        }
    }

    private static void await(ProcessHandle handle, long nanos) {
        if (!ended(handle, Math.max(nanos, 0))) {
            handle.destroyForcibly();
            ended(handle, PATIENCE.toNanos());
        }
    }

    private static boolean ended(ProcessHandle handle, long nanos) {
        try {
            handle.onExit().get(nanos, TimeUnit.NANOSECONDS);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (ExecutionException | TimeoutException e) {
            return false;
        }
    }

    /** Whoever comes second waits until all are gone: one of the two may halt the JVM afterwards. */
    private synchronized void endAll() {
        closed = true;
        running.forEach(Children::end);
        running.clear();
        idFile.ifPresent(file -> file.toFile().delete());
    }

    @Override
    public void close() {
        endAll();
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException alreadyEnding) {
            // The hook itself is what runs now, or soon will, and finds nothing left to do.
        }
    }
}
