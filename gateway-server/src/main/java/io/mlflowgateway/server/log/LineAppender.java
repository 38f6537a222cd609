package io.mlflowgateway.server.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.UnsynchronizedAppenderBase;

/** Hands Logback's events to the writer. */
final class LineAppender extends UnsynchronizedAppenderBase<ILoggingEvent> {
    static final String NAME = "lines";

    private final LineWriter writer;

    LineAppender(LineWriter writer) {
        this.writer = writer;
        setName(NAME);
    }

    @Override
    protected void append(ILoggingEvent event) {
        writer.take(Line.of(event));
    }
}
