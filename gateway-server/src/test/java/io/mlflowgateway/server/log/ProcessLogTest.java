package io.mlflowgateway.server.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import io.mlflowgateway.server.config.LogSettings;
import io.mlflowgateway.server.secret.Secret;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

class ProcessLogTest {
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final LoggerContext context = new LoggerContext();
    private final ProcessLog log = new ProcessLog(context, err);

    @BeforeEach
    void start() {
        context.setMDCAdapter(new LogbackMDCAdapter());
        context.start();
    }

    private String written() {
        log.close();
        return err.toString(StandardCharsets.UTF_8);
    }

    private void sayAll(String logger) {
        var to = context.getLogger(logger);
        to.debug("debug");
        to.info("info");
        to.warn("warn");
        to.error("error");
    }

    @ParameterizedTest
    @CsvSource({"debug, 4", "info, 3", "warn, 2", "error, 1"})
    void the_level_is_the_least_that_is_logged(String level, int lines) {
        log.settle(new LogSettings(false, level, true));

        sayAll("io.mlflowgateway.server.Gateway");

        assertThat(written().lines()).hasSize(lines);
    }

    @Test
    void libraries_say_no_more_than_warnings_at_any_level() {
        log.settle(new LogSettings(false, "debug", true));

        sayAll("io.netty.handler.Something");
        sayAll("reactor.netty.resources.Something");

        assertThat(written().lines()).hasSize(4).allMatch(line -> line.contains(" warn") || line.contains(" error"));
    }

    @Test
    void the_form_is_the_one_settled() {
        log.settle(new LogSettings(true, "info", true));

        context.getLogger("io.mlflowgateway.x").info("hi");

        assertThat(written()).startsWith("{\"timestamp\":").contains("\"message\":\"hi\"");
    }

    @Test
    void secrets_in_use_are_kept_out() {
        log.keepOut(List.of(new Secret("plain-words-secret")));

        context.getLogger("io.mlflowgateway.x").info("hi {}", "plain-words-secret");

        assertThat(written()).contains("hi ***").doesNotContain("plain-words");
    }

    @Test
    void a_thread_that_a_bug_ends_is_one_line_too() throws Exception {
        log.keepOut(List.of(new Secret("plain-words-secret")));
        Thread thread = new Thread(
                () -> {
                    throw new IllegalStateException("with plain-words-secret");
                },
                "careless");
        thread.setUncaughtExceptionHandler(log::uncaught);

        thread.start();
        thread.join();

        assertThat(written())
                .contains(
                        "thread careless ended by a bug exception=\"java.lang.IllegalStateException: with ***\\n\\tat ")
                .containsOnlyOnce("\n");
    }

    @Test
    void a_program_with_a_gateway_inside_keeps_its_own_logging() {
        assertThat(LoggerFactory.getILoggerFactory()).isInstanceOf(LoggerContext.class);
        assertThat(getClass().getResource("/logback.xml")).isNull();
    }
}
