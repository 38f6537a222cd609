package io.mlflowgateway.server.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import java.util.List;
import java.util.Optional;
import org.slf4j.event.KeyValuePair;

/**
 * What is kept of an event until it is written.
 *
 * @param millis when, since 1970
 * @param message the sentence, raw and bounded; empty for an entry
 * @param pairs further values by name
 */
record Line(
        long millis,
        String level,
        String logger,
        String thread,
        String message,
        Optional<Entry> entry,
        List<KeyValuePair> pairs,
        Optional<IThrowableProxy> thrown) {
    /**
     * More than is ever shown, so that a secret in what is shown is seen whole by the masker.
     */
    private static final int MOST_CHARS = 20 * 1024;

    private static final int WEIGHT_OF_PLAIN = 512;
    private static final int WEIGHT_OF_THROWN = 4 * 1024;

    /** Called by the thread that logs: an entry is left for later, a message is made now, as its arguments are now. */
    static Line of(ILoggingEvent event) {
        Optional<Entry> entry = entry(event.getArgumentArray());
        String message = entry.isPresent()
                ? ""
                : Optional.ofNullable(event.getFormattedMessage()).orElse("");
        return new Line(
                event.getTimeStamp(),
                event.getLevel().toString(),
                event.getLoggerName(),
                event.getThreadName(),
                message.length() <= MOST_CHARS ? message : message.substring(0, MOST_CHARS),
                entry,
                Optional.ofNullable(event.getKeyValuePairs()).orElse(List.of()),
                Optional.ofNullable(event.getThrowableProxy()));
    }

    /** A sentence of the log's own. */
    static Line own(long millis, String message) {
        return new Line(
                millis,
                "WARN",
                Line.class.getPackageName(),
                "log",
                message,
                Optional.empty(),
                List.of(),
                Optional.empty());
    }

    private static Optional<Entry> entry(Object[] arguments) {
        return arguments != null && arguments.length == 1 && arguments[0] instanceof Entry entry
                ? Optional.of(entry)
                : Optional.empty();
    }

    /** About how many characters it holds or will become. */
    int weight() {
        return message.length()
                + entry.map(Entry::weight).orElse(WEIGHT_OF_PLAIN)
                + (thrown.isPresent() ? WEIGHT_OF_THROWN : 0);
    }
}
