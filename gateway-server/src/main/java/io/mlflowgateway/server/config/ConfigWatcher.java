package io.mlflowgateway.server.config;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * Sees when the configuration file changes, however it is replaced: written over, renamed over, or by a link that
 * points elsewhere. The folder is watched, and the content compared each second besides, because links and network file
 * systems tell nothing. A usable file is handed over within about a second and a half of its last change, and not while
 * it is still being written; any other leaves the configuration in force.
 *
 * <p>One daemon thread of its own does all of it and calls the listeners. {@link #close} ends it.
 */
public final class ConfigWatcher implements AutoCloseable {
    private static final Duration INTERVAL = Duration.ofSeconds(1);
    private static final Duration UNTIL_SETTLED = Duration.ofMillis(100);
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Reloader reloader;
    private final FolderWatch watch;
    private final Thread thread;

    /**
     * Begins to watch.
     *
     * @param first the configuration in force, read from this file
     * @param onChange takes each usable new configuration, in order; what it throws is logged, and the old one counts as
     *     in force
     * @param onOutcome told how each change ended, the same failure once
     */
    public ConfigWatcher(
            Path file,
            ConfigReader reader,
            GatewayConfig first,
            Clock clock,
            Consumer<GatewayConfig> onChange,
            Consumer<ReloadOutcome> onOutcome) {
        Path absolute = file.toAbsolutePath();
        reloader = new Reloader(file, reader, first, clock, System::nanoTime, onChange, onOutcome);
        Path parent = absolute.getParent();
        watch = new FolderWatch(parent == null ? absolute : parent);
        thread = new Thread(this::run, "config-watcher");
        thread.setDaemon(true);
        thread.start();
    }

    /** How the last change ended; success from the beginning, for the configuration watching began with. Any thread. */
    public ReloadOutcome lastOutcome() {
        return reloader.last();
    }

    private void run() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                boolean settled = reloader.look();
                watch.await(settled ? INTERVAL : UNTIL_SETTLED);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends the watch. Once it returns, no listener is called any more, unless one has been running for 5 s. */
    @Override
    public void close() {
        thread.interrupt();
        watch.close();
        if (Thread.currentThread() == thread) {
            return;
        }
        try {
            thread.join(PATIENCE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
