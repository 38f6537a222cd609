package io.mlflowgateway.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.server.testing.RawConnection;
import io.mlflowgateway.server.testing.RawConnection.RawAnswer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Requests that a caller sends before it has the answers to those before them. */
class PipeliningIT {
    private static final String GET = "GET /echo HTTP/1.1\r\nHost: localhost\r\n\r\n";

    private final TestServer server = TestServer.with(Map.of());
    private final RawConnection caller = server.connect();

    @AfterEach
    void stop() {
        caller.close();
        server.close();
    }

    @Test
    void requests_are_answered_in_order() {
        int count = 5_000;
        StringBuilder requests = new StringBuilder();
        for (int i = 0; i < count; i++) {
            requests.append("POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\n")
                    .append(String.format("%05d", i));
        }
        CompletableFuture<Void> sent = CompletableFuture.runAsync(() -> caller.send(requests.toString()));

        List<String> answers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            answers.add(caller.answer().body());
        }

        sent.join();
        for (int i = 0; i < count; i++) {
            assertThat(answers.get(i)).isEqualTo("POST " + String.format("%05d", i));
        }
    }

    @Test
    void as_much_as_is_read_ahead_waits_behind_a_call_and_is_answered_after_it() throws InterruptedException {
        int behind = RequestDecoder.READ_AHEAD / GET.length() - 10;
        caller.send(GET.replace("/echo", "/held") + GET.repeat(behind));
        assertThat(site().started.await(5, TimeUnit.SECONDS)).isTrue();

        site().letGo();

        assertThat(caller.answer().body()).isEqualTo("held");
        for (int i = 0; i < behind; i++) {
            assertThat(caller.answer().body()).isEqualTo("GET ");
        }
        assertThat(server.observed.began).hasSize(behind + 1);
    }

    @Test
    void a_caller_that_sends_more_behind_a_call_than_is_read_ahead_gets_that_calls_answer_only()
            throws InterruptedException {
        caller.send(GET.replace("/echo", "/held"));
        assertThat(site().started.await(5, TimeUnit.SECONDS)).isTrue();

        // More than the buffers of both sockets hold: it gets through only if it is read, and thrown away.
        caller.send(GET.repeat((64 << 20) / GET.length()));
        site().letGo();
        RawAnswer answer = caller.answer();

        assertThat(answer.body()).isEqualTo("held");
        assertThat(answer.header("connection")).isEqualTo("close");
        assertThat(caller.closedByServer()).isTrue();
        assertThat(server.observed.began).hasSize(1);
    }

    private TestSite site() {
        return server.site;
    }
}
