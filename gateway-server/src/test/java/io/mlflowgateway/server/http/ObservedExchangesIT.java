package io.mlflowgateway.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.mlflowgateway.server.query.Ending;
import io.mlflowgateway.server.query.Ending.Outcome;
import io.mlflowgateway.server.query.Failure;
import io.mlflowgateway.server.query.Failure.Kind;
import io.mlflowgateway.server.testing.Eventually;
import io.mlflowgateway.server.testing.RawConnection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

/** An observer is told of each exchange once when it begins and once when it is over, and what came of it. */
class ObservedExchangesIT {
    private final TestServer server = TestServer.with(Map.of("request-body-limit", "1000"));
    private final RawConnection caller = server.connect();

    @AfterEach
    void stop() {
        caller.close();
        server.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "answered           | POST | /echo     | 200 |                        | 2  | Content-Length: 2~~{}",
                "in chunks          | POST | /echo     | 200 |                        | 2  | Transfer-Encoding: chunked~~2~{}~0~~",
                "refused early      | POST | /nowhere  | 404 | NOT_FOUND              | 0  | Content-Length: 2~~",
                "a bug              | GET  | /bug      | 500 | BUG                    | 0  | ~",
                "a broken stream    | GET  | /broken   | 504 | UPSTREAM_TIMEOUT       | 0  | ~",
                "too large          | POST | /echo     | 413 | TOO_LARGE              | 0  | Content-Length: 1001~~",
                "a malformed body   | POST | /echo     | 400 | INVALID_REQUEST        | 0  | Transfer-Encoding: chunked~~x~",
                "a malformed head   | POST | /echo     | 400 | INVALID_REQUEST        | 0  | X : y~~",
                "a long head        | POST | /echo     | 431 | HEAD_TOO_LARGE         | 0  | +~~",
                "two Hosts          | GET  | /echo     | 400 | INVALID_REQUEST        | 0  | Host: other~~",
                "a compressed body  | POST | /echo     | 415 | UNSUPPORTED_MEDIA_TYPE | 0  | Content-Encoding: gzip~~",
                "a slow body        | POST | /echo     | 408 | REQUEST_TIMEOUT        | 1  | Content-Length: 2~~{"
            })
    void an_exchange_is_answered(
            String name, String method, String path, int status, Kind kind, long bytesIn, String rest) {
        caller.send(method + " " + path + " HTTP/1.1\r\nHost: localhost\r\n"
                + rest.replace("+", "A: b\r\n".repeat(101)).replace("~", "\r\n"));
        int bytesOut = caller.answer().body().length();

        Observed.Exchange seen = server.observed.only();

        assertThat(seen.notes().method()).isEqualTo(method);
        assertThat(seen.notes().path()).isEqualTo(path);
        assertThat(seen.ending().outcome()).isEqualTo(Outcome.ANSWERED);
        assertThat(seen.ending().status()).isEqualTo(status);
        assertThat(seen.ending().failure().map(Failure::kind).orElse(null)).isEqualTo(kind);
        assertThat(seen.ending().bytesIn()).isEqualTo(bytesIn);
        assertThat(seen.ending().bytesOut()).isEqualTo(bytesOut);
        assertThat(seen.ending().took()).isPositive();
    }

    @ParameterizedTest
    @CsvSource({"a word, 400", "a TLS hello, 400", "half a head, 408", "half a method, 408"})
    void what_never_became_a_request_is_an_exchange_without_method_and_path(String what, int status) {
        caller.send(
                switch (what) {
                    case "a word" -> "hello\r\n";
                    case "a TLS hello" -> "\u0016\u0003\u0001";
                    case "half a head" -> "GET /slow HTTP/1.1\r\nHost:";
                    default -> "GE";
                });
        int answered = caller.answer().status();

        Observed.Exchange seen = server.observed.only();

        assertThat(answered).isEqualTo(status);
        assertThat(seen.notes().method()).isEmpty();
        assertThat(seen.notes().path()).isEmpty();
        assertThat(seen.ending().outcome()).isEqualTo(Outcome.ANSWERED);
        assertThat(seen.ending().status()).isEqualTo(status);
    }

    @Test
    void a_caller_that_sent_no_whole_head_before_it_left_began_nothing() {
        caller.send("GET /echo HT").close();

        Eventually.within(
                Duration.ofSeconds(10),
                "the connection is closed",
                () -> server.server().connections() == 0);

        assertThat(server.observed.began).isEmpty();
    }

    @Test
    void a_stream_is_answered_when_its_last_byte_is_out() {
        caller.send("GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n");
        server.site.emit("one");
        caller.readUntil("one\n\n");
        boolean endedEarly = !server.observed.ended.isEmpty();
        server.site.emit("three");
        server.site.events.tryEmitComplete().orThrow();
        caller.readUntil("0\r\n\r\n");

        Ending ending = server.observed.only().ending();

        assertThat(endedEarly).isFalse();
        assertThat(ending.outcome()).isEqualTo(Outcome.ANSWERED);
        assertThat(ending.status()).isEqualTo(200);
        assertThat(ending.bytesOut()).isEqualTo("onethree".length());
    }

    @Test
    void a_stream_that_fails_is_cut() {
        caller.send("GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n");
        server.site.emit("one");
        caller.readUntil("one\n\n");
        server.site
                .events
                .tryEmitError(Failure.of(Kind.UPSTREAM_UNREACHABLE, "gone"))
                .orThrow();
        caller.readToEnd();

        Ending ending = server.observed.only().ending();

        assertThat(ending.outcome()).isEqualTo(Outcome.CUT);
        assertThat(ending.status()).isEqualTo(200);
        assertThat(ending.failure().map(Failure::kind)).contains(Kind.UPSTREAM_UNREACHABLE);
    }

    @ParameterizedTest
    @CsvSource({
        "before its answer, /never, 0, 2",
        "in its body, /echo, 0, 1",
        "in a stream, /events, 200, 2",
    })
    void a_caller_that_leaves_is_gone(String when, String path, int status, int bytesIn) throws InterruptedException {
        caller.send("POST " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n");
        caller.send("{}".substring(0, bytesIn));
        if (path.equals("/events")) {
            server.site.emit("one");
            caller.readUntil("one\n\n");
        } else if (path.equals("/never")) {
            assertThat(server.site.started.await(5, TimeUnit.SECONDS)).isTrue();
        }
        Eventually.within(Duration.ofSeconds(10), "the exchange began", () -> server.observed.began.size() == 1);
        caller.reset();

        Ending ending = server.observed.only().ending();

        assertThat(ending.outcome()).isEqualTo(Outcome.CALLER_GONE);
        assertThat(ending.status()).isEqualTo(status);
        assertThat(ending.failure()).isEmpty();
    }

    @Test
    void what_fails_because_its_caller_has_left_is_no_error_in_the_log() throws InterruptedException {
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        log.start();
        root.addAppender(log);

        caller.send("GET /fails-when-left HTTP/1.1\r\nHost: localhost\r\n\r\n");
        assertThat(server.site.started.await(5, TimeUnit.SECONDS)).isTrue();
        caller.reset();
        assertThat(server.site.cancelled.await(5, TimeUnit.SECONDS)).isTrue();
        Outcome outcome = server.observed.only().ending().outcome();
        root.detachAppender(log);

        assertThat(outcome).isEqualTo(Outcome.CALLER_GONE);
        assertThat(List.copyOf(log.list)).noneMatch(line -> line.getLevel().isGreaterOrEqual(Level.WARN));
    }

    @Test
    void what_is_cut_at_shutdown_ends_as_any_other() {
        try (RawConnection waits = server.connect();
                RawConnection streams = server.connect();
                RawConnection sends = server.connect()) {
            waits.post("/never", "{}");
            streams.send("GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n");
            server.site.emit("one");
            streams.readUntil("one\n\n");
            sends.send("POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{");
            Eventually.within(Duration.ofSeconds(10), "three began", () -> server.observed.began.size() == 3);

            server.drain();
        }

        assertThat(server.observed.ended)
                .extracting(seen -> seen.notes().path() + " " + seen.ending().outcome() + " "
                        + seen.ending().status())
                .containsExactlyInAnyOrder("/never ANSWERED 503", "/events CUT 200", "/echo ANSWERED 408");
        assertThat(server.observed.began).hasSize(3);
    }

    @Test
    void a_thousand_pipelined_requests_are_a_thousand_exchanges() {
        caller.send("GET /echo HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(1000));
        for (int i = 0; i < 1000; i++) {
            caller.answer();
        }

        Eventually.within(Duration.ofSeconds(10), "all are over", () -> server.observed.ended.size() == 1000);
        assertThat(server.observed.began).hasSize(1000).doesNotHaveDuplicates();
        assertThat(server.observed.ended).extracting(Observed.Exchange::notes).containsAll(server.observed.began);
    }
}
