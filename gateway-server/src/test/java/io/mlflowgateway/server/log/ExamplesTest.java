package io.mlflowgateway.server.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.mlflowgateway.server.query.Ending;
import io.mlflowgateway.server.query.Notes;
import io.mlflowgateway.server.query.Price;
import io.mlflowgateway.server.query.Pricing;
import io.mlflowgateway.server.query.TokenClass;
import io.mlflowgateway.server.query.Usage;
import io.mlflowgateway.server.testing.Calls;
import io.mlflowgateway.server.usage.AccessLog;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** The lines that the documentation shows are lines of this log. */
class ExamplesTest {
    private static String example(String name) throws IOException {
        try (var in = ExamplesTest.class.getResourceAsStream("/log/" + name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static String line(ILoggingEvent event, LineForm form) {
        Paper out = new Paper();
        form.write(Line.of(event), out);
        return out.toString().replaceAll("(first_piece_ms\"?[=:])[0-9.]+", "$1210.003");
    }

    private static LineForm form(String file) {
        Masks masks = new Masks();
        return file.endsWith(".json") ? new JsonForm(masks.now()::mask) : new PlainForm(masks.now()::mask);
    }

    private static LoggingEvent at(LoggingEvent event) {
        event.setThreadName("gateway-epoll-1");
        event.setInstant(Instant.parse("2026-01-31T12:00:00.007Z"));
        return event;
    }

    private static final Price PRICE =
            Price.of(Map.of(TokenClass.INPUT, new BigDecimal("2.5"), TokenClass.OUTPUT, BigDecimal.TEN));

    @ParameterizedTest
    @ValueSource(strings = {"access.txt", "access.json"})
    void a_request_looks_so(String file) throws IOException {
        Notes notes = new Notes("9f1c2ab34d5e-7", "POST", "/endpoints/chat/invocations", Duration.ofSeconds(1));
        notes.sees("0a1b2c3d4e5f");
        notes.asks(Calls.route("chat", Optional.empty()));
        notes.asksForStream();
        notes.tries(new Notes.Target("openai/gpt-4o", "openai", "gpt-4o", Pricing.of(PRICE)));
        notes.answerBegins();
        notes.used(new Usage(12, 34));
        Duration took = Duration.ofNanos(1_234_567_890);

        ILoggingEvent event =
                logged(notes, new Ending(Ending.Outcome.ANSWERED, 200, Optional.empty(), 151, 2048, took));

        assertThat(line(at(event), form(file))).isEqualTo(example(file));
    }

    private static LoggingEvent at(ILoggingEvent event) {
        Logger logger = (Logger) LoggerFactory.getLogger(event.getLoggerName());
        return at(new LoggingEvent("", logger, event.getLevel(), event.getMessage(), null, event.getArgumentArray()));
    }

    private static ILoggingEvent logged(Notes notes, Ending ending) {
        Logger access = (Logger) LoggerFactory.getLogger("io.mlflowgateway.access");
        ListAppender<ILoggingEvent> seen = new ListAppender<>();
        access.setLevel(Level.INFO);
        access.setAdditive(false);
        access.addAppender(seen);
        seen.start();
        try {
            new AccessLog().ended(notes, ending);
        } finally {
            access.detachAppender(seen);
            access.setAdditive(true);
            access.setLevel(null);
        }
        return seen.list.get(0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"event.txt", "event.json"})
    void a_bug_looks_so(String file) throws IOException {
        Logger logger = (Logger) LoggerFactory.getLogger("io.mlflowgateway.server.http.Exchange");
        IllegalStateException bug = new IllegalStateException("no");
        bug.setStackTrace(new StackTraceElement[] {new StackTraceElement("Some", "place", "Some.java", 1)});
        LoggingEvent event = new LoggingEvent(
                "", logger, Level.ERROR, "request {}: a bug, answered with 500", bug, new Object[] {"9f1c2ab34d5e-7"});
        event.addKeyValuePair(new org.slf4j.event.KeyValuePair("request_id", "9f1c2ab34d5e-7"));

        assertThat(line(at(event), form(file))).isEqualTo(example(file));
    }
}
