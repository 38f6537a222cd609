package io.mlflowgateway.server.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.server.provider.Sender;
import io.mlflowgateway.server.provider.UpstreamResponse;
import io.mlflowgateway.server.testing.RawUpstream;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** As the edge does: calls begin on the loop of their caller's connection. */
class OwnLoopIT extends UpstreamFixture {
    private final List<EventLoop> all = new ArrayList<>();

    OwnLoopIT() {
        loops.onClient(true).forEach(loop -> all.add((EventLoop) loop));
    }

    @Test
    void a_call_and_its_answer_stay_on_one_loop_which_has_its_own_connection() {
        try (RawUpstream server = RawUpstream.answering(RawUpstream.json("{}"))) {
            List<Boolean> stayed = new ArrayList<>();

            for (int call = 0; call < 6; call++) {
                EventLoop loop = all.get(call % all.size());
                Mono<Boolean> here = upstream.send(whole(server.url()), soon()).map(answer -> loop.inEventLoop());
                stayed.add(join(here.subscribeOn(Schedulers.fromExecutor(loop)).toFuture()));
                settle();
            }

            assertThat(stayed).hasSize(6).containsOnly(true);
            assertThat(server.connections()).isEqualTo(all.size());
        }
    }

    @Test
    void where_there_may_be_no_more_connections_that_of_another_loop_is_used() {
        Sender single = sender(settings(LONG, LONG, 1));
        try (RawUpstream server = RawUpstream.answering(RawUpstream.json("{}"))) {

            for (int call = 0; call < 6; call++) {
                EventLoop loop = all.get(call % all.size());
                assertThat(join(on(loop, single, server)).status()).isEqualTo(200);
                settle();
            }

            assertThat(server.connections()).isEqualTo(1);
        }
    }

    @Test
    void all_loops_together_have_no_more_connections_than_allowed() {
        Sender three = sender(settings(LONG, LONG, 3));
        try (RawUpstream server = RawUpstream.answering(RawUpstream.json("{}"))) {
            List<CompletableFuture<UpstreamResponse>> calls = new ArrayList<>();

            for (int call = 0; call < 100; call++) {
                calls.add(on(all.get(call % all.size()), three, server));
            }

            assertThat(calls).allSatisfy(call -> assertThat(join(call).status()).isEqualTo(200));
            assertThat(server.requestCount()).isEqualTo(100);
            assertThat(server.connections()).isEqualTo(3);
        }
    }

    private static CompletableFuture<UpstreamResponse> on(EventLoop loop, Sender sender, RawUpstream server) {
        Mono<UpstreamResponse> call = sender.send(whole(server.url()), soon());
        return call.subscribeOn(Schedulers.fromExecutor(loop)).toFuture();
    }

    private static <T> T join(CompletableFuture<T> future) {
        return future.orTimeout(20, TimeUnit.SECONDS).join();
    }
}
