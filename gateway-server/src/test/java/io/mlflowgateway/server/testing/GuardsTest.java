package io.mlflowgateway.server.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** The guards the other tests rely on are on: each catches a planted violation. */
class GuardsTest {

    @Test
    void a_blocking_call_on_a_non_blocking_thread_is_caught() {
        Mono<String> blocking = Mono.fromCallable(() -> {
                    Thread.sleep(1);
                    return "slept";
                })
                .subscribeOn(Schedulers.parallel());

        assertThatThrownBy(() -> blocking.block(Duration.ofSeconds(5)))
                .hasStackTraceContaining("Blocking call! java.lang.Thread.sleep");
    }

    @Test
    void a_buffer_that_is_never_released_is_reported() {
        leak();

        String report = null;
        for (int i = 0; i < 50 && report == null; i++) {
            report = NettyLeaks.findLeak();
        }

        assertThat(report).contains("ByteBuf");
    }

    private static void leak() {
        ByteBuf dropped = PooledByteBufAllocator.DEFAULT.buffer(32);
        dropped.writeByte(1);
    }
}
