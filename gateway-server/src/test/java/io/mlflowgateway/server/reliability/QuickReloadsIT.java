package io.mlflowgateway.server.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.server.testing.Eventually;
import io.mlflowgateway.server.testing.ScriptedUpstream;
import io.mlflowgateway.server.testing.TestGateway;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The model behind a name is swapped as quickly as calls are answered, while calls and streams run. */
class QuickReloadsIT {
    private static final String BODY = "{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],\"stream\":%s}";

    @Test
    @Proves(Row.RELOAD_UNDER_LOAD)
    void reload_under_load_in_quick_succession_fails_nothing() {
        String seen = reloadUnderLoad(30);

        Figures.seen(Row.RELOAD_UNDER_LOAD, "reload_under_load_in_quick_succession_fails_nothing", seen);
    }

    @Test
    @Tag("nightly")
    @Timeout(600)
    @Proves(Row.RELOAD_UNDER_LOAD)
    void reload_under_load_two_thousand_times_in_quick_succession() {
        String seen = reloadUnderLoad(2_000);

        Figures.seen(Row.RELOAD_UNDER_LOAD, "reload_under_load_two_thousand_times_in_quick_succession", seen);
    }

    private static String reloadUnderLoad(int reloads) {
        AtomicInteger served = new AtomicInteger();
        AtomicInteger failed = new AtomicInteger();
        AtomicBoolean running = new AtomicBoolean(true);
        try (ScriptedUpstream upstream = new ScriptedUpstream(QuickReloadsIT::answer);
                TestGateway gateway = TestGateway.with(config(upstream, "model-0"))) {
            List<CompletableFuture<Void>> callers = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                boolean streams = i % 2 == 0;
                callers.add(CompletableFuture.runAsync(
                        () -> {
                            while (running.get()) {
                                HttpResponse<String> answer =
                                        gateway.post("/endpoints/chat/invocations", String.format(BODY, streams));
                                (whole(answer, streams) ? served : failed).incrementAndGet();
                            }
                        },
                        command -> new Thread(command, "caller").start()));
            }
            int before = 0;
            for (int reload = 1; reload <= reloads; reload++) {
                gateway.reload(config(upstream, "model-" + reload));
                before = awaitMore(served, failed, before);
            }
            running.set(false);
            callers.forEach(CompletableFuture::join);
        }

        assertThat(failed).hasValue(0);
        assertThat(served.get()).isGreaterThan(reloads);
        return reloads + " reloads between as many answers as 8 callers get: " + served + " served, " + failed
                + " failed";
    }

    private static int awaitMore(AtomicInteger served, AtomicInteger failed, int before) {
        Eventually.within(Duration.ofSeconds(10), "calls go on", () -> served.get() + failed.get() >= before + 16);
        return served.get() + failed.get();
    }

    private static boolean whole(HttpResponse<String> answer, boolean streams) {
        boolean good = answer.statusCode() == 200 && answer.body().contains("model-");
        return good && (!streams || TestGateway.events(answer).contains("[DONE]"));
    }

    /** Says which model it was asked for; a stream says it in two parts, so that a mixed one would show. */
    private static void answer(ScriptedUpstream.Exchange exchange) throws IOException {
        String model = exchange.body().replaceAll("(?s).*\"model\":\"([^\"]+)\".*", "$1");
        if (exchange.body().contains("\"stream\":true")) {
            exchange.beginStream().say(model).say(model);
            exchange.endStream();
        } else {
            exchange.chat(model);
        }
    }

    private static String config(ScriptedUpstream upstream, String model) {
        return """
                endpoints:
                  - name: chat
                    endpoint_type: llm/v1/chat
                    model:
                      provider: openai
                      name: %s
                      config: {openai_api_key: k, openai_api_base: '%s'}
                """.formatted(model, upstream.base());
    }
}
