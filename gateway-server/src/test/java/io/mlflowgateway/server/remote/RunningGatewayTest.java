package io.mlflowgateway.server.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlflowgateway.server.testing.RawUpstream;
import java.net.URI;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is asked may be anything that listens: each ends soon, with a word on what to do. */
@Timeout(60)
class RunningGatewayTest {
    private static RunningGateway at(RawUpstream server) {
        return new RunningGateway(URI.create("http://127.0.0.1:" + server.port()), Duration.ofSeconds(20));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\n{}",
                "HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nnot JSON!",
                "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}",
                "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]",
                "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
                "SSH-2.0-OpenSSH_9.2\r\n\r\n"
            })
    void what_is_no_gateway_is_told(String answer) {
        try (RawUpstream server = RawUpstream.answering(answer)) {
            assertThatThrownBy(() -> at(server).state())
                    .isInstanceOf(Unreachable.class)
                    .hasMessageStartingWith("http://127.0.0.1:" + server.port() + " cannot be asked: ")
                    .hasMessageEndingWith("; name the gateway with --url");
        }
    }

    @Test
    void nobody_there_is_told() {
        RawUpstream server = RawUpstream.answering("");
        server.close();

        assertThatThrownBy(() -> at(server).state()).hasMessageContaining("nobody listens there");
    }

    @Test
    void an_answer_without_end_is_cut() {
        try (RawUpstream server = new RawUpstream(talk -> {
            talk.readRequest();
            talk.send("HTTP/1.1 200 OK\r\n\r\n");
            while (true) {
                talk.send(new byte[64 * 1024]);
            }
        })) {
            assertThatThrownBy(() -> at(server).state()).hasMessageContaining("larger than 16777216 bytes");
        }
    }

    @Test
    void an_answer_that_does_not_come_is_not_waited_for() {
        try (RawUpstream server = new RawUpstream(talk -> {
            talk.readRequest();
            talk.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{");
            talk.awaitClose();
        })) {
            RunningGateway gateway =
                    new RunningGateway(URI.create("http://127.0.0.1:" + server.port()), Duration.ofMillis(300));

            assertThatThrownBy(gateway::state).hasMessageContaining("no answer within 300 ms");
        }
    }

    @Test
    void routes_of_two_versions_are_asked_for_again() throws Exception {
        List<String> pages = List.of(
                "{'version':'1','routes':[{'name':'a'}],'next_page_token':'a+b='}",
                "{'version':'2','routes':[{'name':'b'}],'next_page_token':null}",
                "{'version':'2','routes':[{'name':'a'}],'next_page_token':'t'}",
                "{'version':'2','routes':[{'name':'c'}],'next_page_token':null}");
        Iterator<String> answers = pages.iterator();
        try (RawUpstream server = new RawUpstream(talk -> {
            while (talk.readRequest()) {
                talk.send(RawUpstream.json(answers.next().replace('\'', '"')));
            }
        })) {
            RunningGateway.Shown shown = at(server).routes();

            assertThat(shown.version()).isEqualTo("2");
            assertThat(shown.byName()).containsOnlyKeys("a", "c");
            assertThat(server.requests().get(1)).contains("?page_token=a%2Bb%3D ");
        }
    }

    @Test
    void routes_that_never_come_to_rest_are_given_up() {
        String page = RawUpstream.json("{\"version\":\"%s\",\"routes\":[],\"next_page_token\":\"t\"}");
        try (RawUpstream server = new RawUpstream(talk -> {
            for (int i = 10; talk.readRequest(); i++) {
                talk.send(page.formatted(i));
            }
        })) {
            assertThatThrownBy(() -> at(server).routes()).hasMessageContaining("change while they are asked for");
        }
    }
}
