package io.mlflowgateway.server.upstream;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.http.Fault;
import io.mlflowgateway.server.provider.Sender;
import io.mlflowgateway.server.provider.UpstreamResponse;
import io.mlflowgateway.server.query.Failure;
import io.mlflowgateway.server.query.Failure.Kind;
import io.mlflowgateway.server.testing.Await;
import io.mlflowgateway.server.testing.RawUpstream;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.netty.http.Http11SslContextSpec;

class UpstreamFaultsIT extends UpstreamFixture {
    private final WireMockServer server =
            new WireMockServer(options().dynamicPort().dynamicHttpsPort().bindAddress("127.0.0.1"));

    @BeforeEach
    void start() {
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop();
    }

    @ParameterizedTest
    @EnumSource(Fault.class)
    void a_broken_answer_is_a_gateway_error_after_one_call(Fault fault) {
        server.stubFor(post(anyUrl()).willReturn(aResponse().withFault(fault)));

        Failure failure = Await.failure(upstream.send(whole(plainUrl()), soon()));

        assertThat(failure.status()).isEqualTo(502);
        server.verify(1, postRequestedFor(anyUrl()));
    }

    @ParameterizedTest
    @EnumSource(Fault.class)
    void a_broken_stream_is_a_gateway_error(Fault fault) {
        server.stubFor(post(anyUrl())
                .willReturn(aResponse()
                        .withHeader("Content-Type", "text/event-stream")
                        .withFault(fault)));

        Failure failure = Await.failure(events(upstream, plainUrl()).then());

        assertThat(failure.status()).isEqualTo(502);
    }

    @ParameterizedTest
    @ValueSource(strings = {"é", "x", "-1", "ffffffffffffffffff", ""})
    void a_chunk_size_that_is_no_number_is_an_invalid_answer(String size) {
        String answer = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n";
        try (RawUpstream broken = RawUpstream.answering(answer + size + "\r\n{}\r\n0\r\n\r\n")) {

            Failure failure = Await.failure(patient(null).send(whole(broken.url()), soon()));

            assertThat(failure.kind()).isEqualTo(Kind.UPSTREAM_INVALID);
        }
    }

    @Test
    void a_dribbled_stream_is_whole() {
        String stream = "data: {\"text\":\"日本語 Привет 🎉\"}\r\n\r\n".repeat(20) + "data: [DONE]\n\n";
        server.stubFor(post(anyUrl())
                .willReturn(aResponse()
                        .withHeader("Content-Type", "text/event-stream; charset=utf-8")
                        .withBody(stream)
                        .withChunkedDribbleDelay(101, 300)));

        List<String> events = Await.all(events(upstream, plainUrl()));

        assertThat(events)
                .hasSize(21)
                .startsWith("{\"text\":\"日本語 Привет 🎉\"}")
                .endsWith("[DONE]");
    }

    @Test
    void a_certificate_nobody_trusts_is_unreachable() {
        server.stubFor(post(anyUrl()).willReturn(okJson("{}")));

        Failure failure = Await.failure(patient(null).send(whole(secureUrl()), soon()));

        assertThat(failure.kind()).isEqualTo(Kind.UPSTREAM_UNREACHABLE);
        assertThat(failure.getMessage()).contains("TLS").contains("localhost");
        server.verify(0, postRequestedFor(anyUrl()));
    }

    @Test
    void an_answer_comes_over_tls() {
        server.stubFor(post(anyUrl()).willReturn(okJson("{\"choices\":[]}")));
        Sender trusting = patient(InsecureTrustManagerFactory.INSTANCE);

        UpstreamResponse.Whole first = answer(trusting, secureUrl());
        UpstreamResponse.Whole second = answer(trusting, secureUrl());

        assertThat(text(first.body())).isEqualTo("{\"choices\":[]}");
        assertThat(second.status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_call_that_begins_on_an_event_loop_never_blocks_it(boolean secure) {
        server.stubFor(post(anyUrl()).willReturn(okJson("{}")));
        Sender trusting = patient(InsecureTrustManagerFactory.INSTANCE);
        Scheduler onLoop = Schedulers.fromExecutor(loops.onClient(true).next());

        UpstreamResponse answer = Await.value(
                trusting.send(whole(secure ? secureUrl() : plainUrl()), soon()).subscribeOn(onLoop));

        assertThat(answer.status()).isEqualTo(200);
    }

    @Test
    void a_server_that_never_shakes_hands_is_given_up() {
        try (RawUpstream silent = new RawUpstream(RawUpstream.Talk::awaitClose)) {
            Sender hasty = sender(connectingWithin(SHORT, 1));
            long start = System.nanoTime();

            Failure failure = Await.failure(hasty.send(whole(silent.url().replace("http:", "https:")), soon()));

            assertThat(failure.kind()).isEqualTo(Kind.UPSTREAM_TIMEOUT);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(SHORT.plusSeconds(3));
        }
    }

    @Test
    void a_plain_server_behind_an_https_url_is_unreachable() {
        try (RawUpstream plain = new RawUpstream(talk -> talk.send("HTTP/1.1 400 Bad Request\r\n\r\n"))) {

            Failure failure = Await.failure(patient(null).send(whole(plain.url().replace("http:", "https:")), soon()));

            assertThat(failure.kind()).isEqualTo(Kind.UPSTREAM_UNREACHABLE);
        }
    }

    /** With time for a handshake on a busy machine. */
    private Sender patient(@Nullable TrustManagerFactory trust) {
        Http11SslContextSpec spec = Http11SslContextSpec.forClient();
        Http11SslContextSpec tls = trust == null ? spec : spec.configure(builder -> builder.trustManager(trust));
        return sender(new Transport(loops, Transport.names(loops), tls::sslContext), settings(LONG, LONG, 10));
    }

    private String plainUrl() {
        return "http://localhost:" + server.port() + "/v1";
    }

    private String secureUrl() {
        return "https://localhost:" + server.httpsPort() + "/v1";
    }
}
