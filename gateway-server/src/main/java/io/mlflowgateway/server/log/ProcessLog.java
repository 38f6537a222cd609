package io.mlflowgateway.server.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import io.mlflowgateway.server.config.LogSettings;
import io.mlflowgateway.server.secret.Secret;
import java.io.OutputStream;
import java.util.Collection;
import java.util.Locale;

/**
 * The log of a process that is a gateway and nothing else, on standard error. It is set up in code: reading XML would
 * take longer than all else at start. A program with a gateway inside never comes here, and logs as it is used to.
 */
public final class ProcessLog implements LogControl, AutoCloseable {
    /** All that is ours; the access log is {@code io.mlflowgateway.access}. */
    private static final String OURS = "io.mlflowgateway";

    private final Masks masks = new Masks();
    private final Forms forms = new Forms(this::form);
    private volatile boolean json;
    private final LoggerContext context;
    private final LineWriter writer;

    /** @param sink where lines go; may block, nobody but the log's own thread waits for it */
    ProcessLog(LoggerContext context, OutputStream sink) {
        this.context = context;
        this.writer = new LineWriter(sink, forms);
        LineAppender appender = new LineAppender(writer);
        appender.setContext(context);
        appender.start();
        context.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(appender);
        level(Level.INFO);
    }

    /**
     * Makes the log this process's own; the same one each time, from any thread. To be called before anything has asked
     * SLF4J for a logger.
     */
    public static ProcessLog begin() {
        return LogProvider.install();
    }

    /** From now on as these settings say. */
    public void settle(LogSettings settings) {
        json = settings.json();
        forms.change(this::form);
        level(Level.toLevel(settings.level().toUpperCase(Locale.ROOT), Level.INFO));
    }

    private LineForm form() {
        return json ? new JsonForm(masks.now()::mask) : new PlainForm(masks.now()::mask);
    }

    /** Libraries say no more than warnings, at any level: their debug lines may quote what callers send. */
    private void level(Level level) {
        Level libraries = level.isGreaterOrEqual(Level.WARN) ? level : Level.WARN;
        context.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(libraries);
        context.getLogger(OURS).setLevel(level);
    }

    /** A thread ended by a bug. */
    void uncaught(Thread thread, Throwable bug) {
        context.getLogger(ProcessLog.class).error("thread {} ended by a bug", thread.getName(), bug);
    }

    @Override
    public void keepOut(Collection<Secret> secrets) {
        masks.keepOut(secrets);
        forms.change(this::form);
    }

    @Override
    public void keepOutToo(Secret fetched) {
        masks.keepOutToo(fetched);
        forms.change(this::form);
    }

    @Override
    public long dropped() {
        return writer.dropped();
    }

    /** Writes what waits, for at most two seconds. */
    @Override
    public void close() {
        writer.close();
    }
}
