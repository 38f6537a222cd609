package io.mlflowgateway.server.config;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits until something happens in a folder, or a time has passed. Only a hint: where the system offers no watch, or
 * the folder is gone for a while, it is the time that passes.
 */
final class FolderWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FolderWatch.class);

    /** A save is a handful of steps; what comes within this of each other is one. */
    private static final Duration QUIET = Duration.ofMillis(100);

    private static final int MOST_QUIET_WAITS = 5;

    private final Path folder;
    private final Optional<WatchService> service;
    private Optional<WatchKey> key = Optional.empty();

    FolderWatch(Path folder) {
        this.folder = folder;
        this.service = open(folder);
        register();
    }

    private static Optional<WatchService> open(Path folder) {
        try {
            return Optional.of(folder.getFileSystem().newWatchService());
        } catch (IOException | UnsupportedOperationException e) {
            LOG.info("no watch on {} ({}): it is looked at each second", folder, String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    private void register() {
        key = service.flatMap(this::registered);
    }

    private Optional<WatchKey> registered(WatchService watch) {
        try {
            return Optional.of(folder.register(
                    watch,
                    StandardWatchEventKinds.ENTRY_CREATE,
                    StandardWatchEventKinds.ENTRY_MODIFY,
                    StandardWatchEventKinds.ENTRY_DELETE));
        } catch (IOException e) {
            LOG.debug("no watch on {}", folder, e);
            return Optional.empty();
        }
    }

    /**
     * Returns after the time, or once something happened in the folder and then nothing more for a moment.
     *
     * @throws InterruptedException also when this was closed
     */
    void await(Duration time) throws InterruptedException {
        try {
            if (key.isEmpty() || !key.get().isValid()) {
                register();
            }
            if (service.isEmpty() || key.isEmpty()) {
                TimeUnit.MILLISECONDS.sleep(time.toMillis());
                return;
            }
            boolean quiet = !happens(service.get(), time);
            for (int waits = 0; !quiet && waits < MOST_QUIET_WAITS; waits++) {
                quiet = !happens(service.get(), QUIET);
            }
        } catch (ClosedWatchServiceException e) {
            throw new InterruptedException("closed");
        }
    }

    private static boolean happens(WatchService watch, Duration within) throws InterruptedException {
        Optional<WatchKey> seen = Optional.ofNullable(watch.poll(within.toMillis(), TimeUnit.MILLISECONDS));
        seen.ifPresent(WatchKey::pollEvents);
        seen.ifPresent(WatchKey::reset);
        return seen.isPresent();
    }

    @Override
    public void close() {
        try {
            if (service.isPresent()) {
                service.get().close();
            }
        } catch (IOException e) {
            LOG.debug("closing the watch on {}", folder, e);
        }
    }
}
