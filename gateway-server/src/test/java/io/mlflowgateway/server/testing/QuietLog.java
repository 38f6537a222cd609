package io.mlflowgateway.server.testing;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.LoggerFactory;

/** What is logged from now on until it is closed, the libraries' words included. */
public final class QuietLog implements AutoCloseable {
    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

    public QuietLog() {
        lines.start();
        root.addAppender(lines);
    }

    /** What was logged so far. */
    public List<ILoggingEvent> lines() {
        return List.copyOf(lines.list);
    }

    /** Goes on once the other is here, too; fails after 20 s. */
    public static void meet(CyclicBarrier together) {
        try {
            together.await(20, TimeUnit.SECONDS);
        } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        root.detachAppender(lines);
    }
}
