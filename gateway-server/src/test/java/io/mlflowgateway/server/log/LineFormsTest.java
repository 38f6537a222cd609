package io.mlflowgateway.server.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mlflowgateway.server.secret.Secret;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.event.KeyValuePair;

class LineFormsTest {
    private static final String NOON = "2026-01-31T12:00:00.007Z";

    private final Masks masks = new Masks();
    private final LoggerContext context = new LoggerContext();

    private LoggingEvent event(String message, Object... arguments) {
        var logger = context.getLogger("io.mlflowgateway.server.http.Exchange");
        LoggingEvent event = new LoggingEvent("", logger, Level.WARN, message, null, arguments);
        event.setInstant(Instant.parse(NOON));
        event.setThreadName("gateway-1");
        return event;
    }

    private String plain(LoggingEvent event) {
        Paper out = new Paper();
        new PlainForm(masks.now()::mask).write(Line.of(event), out);
        return out.toString();
    }

    private JsonNode json(LoggingEvent event) throws Exception {
        Paper out = new Paper();
        new JsonForm(masks.now()::mask).write(Line.of(event), out);
        assertThat(out.toString()).endsWith("}\n").containsOnlyOnce("\n");
        return new ObjectMapper().readTree(out.toString());
    }

    private record Sample(String text) implements Entry {
        @Override
        public String kind() {
            return "sample";
        }

        @Override
        public void writeTo(Fields out) {
            out.text("text", text).text("nothing", "").word("word", "plain").number("count", -7);
            out.flag("on", true).millis("time_ms", 1_234_567);
        }
    }

    @Test
    void a_plain_line_has_moment_level_logger_and_message() {
        assertThat(plain(event("from {} to {}", 1, "two"))).isEqualTo(NOON + " WARN  Exchange from 1 to two\n");
    }

    @Test
    void a_json_line_has_the_same_and_the_thread() throws Exception {
        assertThat(json(event("say \"{}\"", "hi\n")))
                .isEqualTo(new ObjectMapper()
                        .readTree("{\"timestamp\":\"" + NOON + "\",\"level\":\"WARN\","
                                + "\"logger\":\"io.mlflowgateway.server.http.Exchange\",\"thread\":\"gateway-1\","
                                + "\"message\":\"say \\\"hi\\n\\\"\"}"));
    }

    @Test
    void an_entry_is_pairs_or_typed_members() throws Exception {
        Sample entry = new Sample("a \"b\"");

        JsonNode json = json(event("{}", entry));

        assertThat(plain(event("{}", entry)))
                .isEqualTo(NOON + " WARN  Exchange text=\"a \\\"b\\\"\" word=plain count=-7 on=true time_ms=1.234\n");
        assertThat(Fields.plain(entry)).isEqualTo("text=\"a \\\"b\\\"\" word=plain count=-7 on=true time_ms=1.234");
        assertThat(json.path("message").asText()).isEqualTo("sample");
        assertThat(json.path("count").isInt()).isTrue();
        assertThat(json.path("on").isBoolean()).isTrue();
        assertThat(json.path("time_ms").asDouble()).isEqualTo(1.234);
        assertThat(json.has("nothing")).isFalse();
    }

    @Test
    void values_given_by_name_stand_behind_the_message() throws Exception {
        LoggingEvent event = event("a bug");
        event.addKeyValuePair(new KeyValuePair("request_id", "abc-1"));

        assertThat(plain(event)).endsWith("Exchange a bug request_id=abc-1\n");
        assertThat(json(event).path("request_id").asText()).isEqualTo("abc-1");
    }

    @Test
    void a_stack_trace_stays_on_the_line() throws Exception {
        LoggingEvent event = event("a bug");
        event.setThrowableProxy(new ch.qos.logback.classic.spi.ThrowableProxy(
                new IllegalStateException("outer", new IllegalArgumentException("inner\nforged line"))));

        assertThat(plain(event))
                .contains("a bug exception=\"java.lang.IllegalStateException: outer\\n\\tat ")
                .containsOnlyOnce("\n");
        assertThat(json(event).path("exception").asText())
                .startsWith("java.lang.IllegalStateException: outer\n\tat ")
                .contains("Caused by: java.lang.IllegalArgumentException: inner");
    }

    @Test
    void every_part_of_a_line_is_masked() throws Exception {
        masks.keepOut(List.of(new Secret("plain-words-secret")));
        LoggingEvent event = event("with {} and sk-abcdefgh1234", "plain-words-secret");
        event.addKeyValuePair(new KeyValuePair("given", "plain-words-secret"));
        event.setThrowableProxy(
                new ch.qos.logback.classic.spi.ThrowableProxy(new IllegalStateException("plain-words-secret")));
        LoggingEvent entry = event("{}", new Sample("plain-words-secret"));

        assertThat(plain(event)).contains("with *** and *** given=*** ").doesNotContain("plain-words", "sk-abc");
        assertThat(json(event).toString()).doesNotContain("plain-words", "sk-abc");
        assertThat(plain(entry)).contains("text=*** ");
        assertThat(json(entry).path("text").asText()).isEqualTo("***");
    }

    @Test
    void a_secret_is_found_before_it_is_escaped() {
        masks.keepOut(List.of(new Secret("pass\"word\\1")));

        assertThat(plain(event("it is pass\"word\\1 here"))).contains("it is *** here");
    }

    @Test
    void long_texts_are_cut_and_no_secret_with_them() {
        masks.keepOut(List.of(new Secret("plain-words-secret")));
        String across = "x".repeat(LineForm.MOST_CHARS - 5) + "plain-words-secret" + "y".repeat(1_000_000);

        assertThat(plain(event("{}", across)))
                .hasSizeLessThan(LineForm.MOST_CHARS + 100)
                .endsWith("...\n")
                .doesNotContain("plain");
        assertThat(plain(event("{}", new Sample("z".repeat(500)))))
                .contains("text=" + "z".repeat(Fields.MOST_CHARS) + "... ");
    }
}
