package io.mlflowgateway.server.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.server.testing.RawUpstream;
import io.mlflowgateway.server.testing.Surface;
import io.mlflowgateway.server.testing.TestGateway;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Upstreams that close a connection just when the next request comes over it. */
class StaleConnectionIT {
    private static final List<Surface> SURFACES = Surface.all().toList();

    @Test
    @Proves(Row.STALE_CONNECTION)
    void stale_connection_is_not_noticed_on_any_surface() {
        for (Surface surface : SURFACES) {
            RawUpstream.Script once = talk -> {
                talk.readRequest();
                talk.send(good(surface));
                talk.readRequest();
            };
            try (RawUpstream upstream = new RawUpstream(once);
                    TestGateway gateway = gateway(upstream)) {

                HttpResponse<String> first = gateway.post(surface.path(), surface.json());
                HttpResponse<String> second = gateway.post(surface.path(), surface.json());

                assertThat(first.statusCode()).isEqualTo(200);
                assertThat(second.statusCode())
                        .as(surface + " " + second.body())
                        .isEqualTo(200);
                assertThat(second.body()).isEqualTo(first.body());
                assertThat(upstream.connections()).isEqualTo(2);
                assertThat(upstream.requestCount()).isEqualTo(3);
            }
        }

        Figures.seen(
                Row.STALE_CONNECTION,
                "stale_connection_is_not_noticed_on_any_surface",
                SURFACES.size() + " surfaces: 200, the request sent a second time on a second connection");
    }

    @Test
    @Proves(Row.STALE_CONNECTION)
    void stale_connection_is_replaced_once_and_not_twice() {
        Surface surface = SURFACES.get(0);
        AtomicInteger connections = new AtomicInteger();
        RawUpstream.Script onlyTheFirst = talk -> {
            talk.readRequest();
            if (connections.incrementAndGet() == 1) {
                talk.send(good(surface));
                talk.readRequest();
            }
        };
        try (RawUpstream upstream = new RawUpstream(onlyTheFirst);
                TestGateway gateway = gateway(upstream)) {
            gateway.post(surface.path(), surface.json());

            HttpResponse<String> second = gateway.post(surface.path(), surface.json());

            assertThat(second.statusCode()).isEqualTo(502);
            assertThat(upstream.requestCount()).isEqualTo(3);
            Figures.seen(
                    Row.STALE_CONNECTION,
                    "stale_connection_is_replaced_once_and_not_twice",
                    "502 when the new connection was closed as well; 2 calls upstream");
        }
    }

    @Test
    @Proves(Row.STALE_CONNECTION)
    void stale_connection_that_began_to_answer_is_not_asked_again() {
        Surface surface = SURFACES.get(0);
        RawUpstream.Script begins = talk -> {
            talk.readRequest();
            talk.send(good(surface));
            talk.readRequest();
            talk.send("H");
        };
        try (RawUpstream upstream = new RawUpstream(begins);
                TestGateway gateway = gateway(upstream)) {
            gateway.post(surface.path(), surface.json());

            HttpResponse<String> second = gateway.post(surface.path(), surface.json());

            assertThat(second.statusCode()).isEqualTo(502);
            assertThat(upstream.requestCount()).isEqualTo(2);
            Figures.seen(
                    Row.STALE_CONNECTION,
                    "stale_connection_that_began_to_answer_is_not_asked_again",
                    "502 after one byte of an answer; 1 call upstream");
        }
    }

    @Test
    @Proves(Row.STALE_CONNECTION)
    void stale_connection_that_breaks_late_may_have_been_at_work_and_is_not_asked_again() {
        Surface surface = SURFACES.get(0);
        RawUpstream.Script late = talk -> {
            talk.readRequest();
            talk.send(good(surface));
            talk.readRequest();
            talk.idle(1_300);
        };
        try (RawUpstream upstream = new RawUpstream(late);
                TestGateway gateway = gateway(upstream)) {
            gateway.post(surface.path(), surface.json());

            HttpResponse<String> second = gateway.post(surface.path(), surface.json());

            assertThat(second.statusCode()).isEqualTo(502);
            assertThat(upstream.requestCount()).isEqualTo(2);
            Figures.seen(
                    Row.STALE_CONNECTION,
                    "stale_connection_that_breaks_late_may_have_been_at_work_and_is_not_asked_again",
                    "502 when it closed after 1.3 s without a byte; 1 call upstream");
        }
    }

    private static String good(Surface surface) {
        return RawUpstream.json(surface.goodAnswer()).replace("application/json", surface.goodType());
    }

    private static TestGateway gateway(RawUpstream upstream) {
        return TestGateway.with(Surface.config(upstream.base(), "k", ""));
    }
}
