package io.mlflowgateway.langchain4j;

import static io.mlflowgateway.langchain4j.StubGateway.deployments;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.listener.ChatModelErrorContext;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.listener.ChatModelRequestContext;
import dev.langchain4j.model.chat.listener.ChatModelResponseContext;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import io.mlflowgateway.langchain4j.failure.GatewayConnectionException;
import io.mlflowgateway.langchain4j.failure.GatewayInvalidRequestException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.test.StepVerifier;

/** Asking without blocking: whole answers and streams, their listeners, and what cancelling does. */
class ReactiveChatIT {

    private static final String ANSWER =
            "{\"choices\":[{\"message\":{\"content\":\"Goethe.\"},\"finish_reason\":\"stop\"}]}";
    private static final ChatRequest REQUEST =
            ChatRequest.builder().messages(UserMessage.from("Who?")).build();

    @Test
    void nothing_is_sent_before_a_subscription_and_each_sends_anew() throws Exception {
        try (StubGateway gateway = deployments((request, wire) -> wire.json(200, ANSWER))) {
            var answer = whole(gateway).build().chatMono("Who?");
            assertThat(gateway.seen()).isEmpty();

            StepVerifier.create(answer).expectNext("Goethe.").verifyComplete();
            StepVerifier.create(answer).expectNext("Goethe.").verifyComplete();

            assertThat(gateway.calls()).hasSize(2);
        }
    }

    @Test
    void a_future_holds_the_answer_or_the_failure() throws Exception {
        try (StubGateway gateway = deployments((request, wire) -> {
            if (request.body().contains("bad")) {
                wire.json(400, "{\"detail\":\"no\"}");
            } else {
                wire.json(200, ANSWER);
            }
        })) {
            MlflowGatewayChatModel model = whole(gateway).build();

            assertThat(StubGateway.soon(model.doChatAsync(REQUEST)).aiMessage().text())
                    .isEqualTo("Goethe.");
            assertThatThrownBy(() -> model.doChatAsync(ask("bad")).get(10, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(GatewayInvalidRequestException.class);
            assertThatThrownBy(() -> MlflowGatewayChatModel.builder()
                            .baseUrl(gateway.url())
                            .build()
                            .doChatAsync(REQUEST)
                            .get(10, TimeUnit.SECONDS))
                    .as("no route")
                    .hasCauseInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void cancelling_a_future_closes_the_connection_before_and_within_the_answer() throws Exception {
        for (String sent : List.of(
                "", "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{\"choices\":")) {
            CompletableFuture<Void> gone = new CompletableFuture<>();
            CountDownLatch asked = new CountDownLatch(1);
            Heard heard = new Heard();
            try (StubGateway gateway = deployments((request, wire) -> {
                wire.raw(sent);
                asked.countDown();
                wire.awaitClient(gone);
            })) {
                CompletableFuture<ChatResponse> future = whole(gateway)
                        .listeners(heard)
                        .build()
                        .chatMono(REQUEST)
                        .toFuture();
                assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();

                future.cancel(true);

                gone.get(5, TimeUnit.SECONDS);
                assertThat(heard.words).containsExactly("asked chat");
            }
        }
    }

    @Test
    void events_come_in_order_and_the_last_is_the_whole_answer() throws Exception {
        try (StubGateway gateway = deployments((request, wire) -> wire.stream()
                .says("Goe")
                .says("the.")
                .stops("stop")
                .event("[DONE]")
                .end())) {
            var events =
                    streaming(gateway).build().chatFlux(REQUEST).collectList().toFuture();

            List<MlflowGatewayChatEvent> all = StubGateway.soon(events);

            assertThat(all.subList(0, 2))
                    .containsExactly(new MlflowGatewayChatEvent.Text("Goe"), new MlflowGatewayChatEvent.Text("the."));
            assertThat(all.get(all.size() - 1))
                    .isInstanceOfSatisfying(
                            MlflowGatewayChatEvent.Complete.class,
                            complete -> assertThat(
                                            complete.response().aiMessage().text())
                                    .isEqualTo("Goethe."));
        }
    }

    @Test
    void a_cut_stream_fails_after_what_it_said() throws Exception {
        try (StubGateway gateway = deployments((request, wire) -> {
            wire.stream().says("Goe");
            wire.close();
        })) {
            StepVerifier.create(streaming(gateway).build().textFlux("Who?"))
                    .expectNext("Goe")
                    .verifyError(GatewayConnectionException.class);
        }
    }

    @Test
    void cancelling_a_stream_closes_its_connection_and_is_no_failure() throws Exception {
        CompletableFuture<Void> gone = new CompletableFuture<>();
        CountDownLatch first = new CountDownLatch(1);
        Heard heard = new Heard();
        try (StubGateway gateway = deployments((request, wire) -> {
            wire.stream().says("Goe");
            wire.awaitClient(gone);
        })) {
            Disposable running =
                    streaming(gateway).listeners(heard).build().textFlux("Who?").subscribe(text -> first.countDown());
            assertThat(first.await(10, TimeUnit.SECONDS)).isTrue();

            running.dispose();

            gone.get(5, TimeUnit.SECONDS);
            assertThat(heard.words).containsExactly("asked chat");
        }
    }

    @Test
    void a_slow_reader_holds_the_server_back_and_loses_nothing() throws Exception {
        AtomicLong written = new AtomicLong();
        int pieces = 4_000;
        String text = "x".repeat(10_000);
        try (StubGateway gateway = deployments((request, wire) -> {
            wire.stream();
            for (int piece = 0; piece < pieces; piece++) {
                wire.says(text);
                written.incrementAndGet();
            }
            wire.stops("stop").event("[DONE]").end();
        })) {
            StepVerifier.create(streaming(gateway).build().textFlux("Who?"), 1)
                    .expectNextCount(1)
                    .then(() -> assertThat(quiet(written)).as("of 4,000").isLessThan(pieces / 2))
                    .thenRequest(Long.MAX_VALUE)
                    .expectNextCount(pieces - 1)
                    .verifyComplete();
        }
    }

    @Test
    void listeners_hear_the_same_on_every_way() throws Exception {
        try (StubGateway gateway = deployments((request, wire) -> {
            if (request.body().contains("bad")) {
                wire.json(400, "{\"detail\":\"no\"}");
            } else if (request.body().contains("\"stream\":true")) {
                wire.stream().says("Goethe.").stops("stop").event("[DONE]").end();
            } else {
                wire.json(200, ANSWER);
            }
        })) {
            for (String way : List.of("wait", "mono", "handler", "flux")) {
                Heard heard = new Heard();

                ask(gateway, heard, way, ask("good"));
                ask(gateway, heard, way, ask("bad"));

                assertThat(heard.words)
                        .as(way)
                        .containsExactly(
                                "asked chat",
                                "answered Goethe. seen",
                                "asked chat",
                                "failed GatewayInvalidRequestException seen");
            }
        }
    }

    private static void ask(StubGateway gateway, Heard heard, String way, ChatRequest request) {
        MlflowGatewayChatModel model = whole(gateway).listeners(heard).build();
        MlflowGatewayStreamingChatModel streaming =
                streaming(gateway).listeners(heard).build();
        RecordingHandler handler = new RecordingHandler();
        try {
            switch (way) {
                case "wait" -> model.chat(request);
                case "mono" -> model.chatMono(request).toFuture().join();
                case "flux" -> streaming.textFlux(request).then().toFuture().join();
                default -> {
                    streaming.chat(request, handler);
                    handler.ended();
                }
            }
        } catch (RuntimeException expected) {
            assertThat(request.messages().toString()).contains("bad");
        }
    }

    /** What was counted when it did not grow any more for a while. */
    private static long quiet(AtomicLong count) {
        long seen = -1;
        while (seen != count.get()) {
            seen = count.get();
            try {
                new CountDownLatch(1).await(500, TimeUnit.MILLISECONDS);
            } catch (InterruptedException interrupted) {
                throw new AssertionError(interrupted);
            }
        }
        return seen;
    }

    private static ChatRequest ask(String text) {
        return ChatRequest.builder().messages(UserMessage.from(text)).build();
    }

    private static MlflowGatewayChatModel.MlflowGatewayChatModelBuilder whole(StubGateway gateway) {
        return MlflowGatewayChatModel.builder()
                .baseUrl(gateway.url())
                .route("chat")
                .maxRetries(0);
    }

    private static MlflowGatewayStreamingChatModel.MlflowGatewayStreamingChatModelBuilder streaming(
            StubGateway gateway) {
        return MlflowGatewayStreamingChatModel.builder()
                .baseUrl(gateway.url())
                .route("chat")
                .maxRetries(0);
    }

    private static final class Heard implements ChatModelListener {

        final List<String> words = new CopyOnWriteArrayList<>();

        @Override
        public void onRequest(ChatModelRequestContext context) {
            context.attributes().put("mark", "seen");
            words.add("asked " + context.chatRequest().parameters().modelName());
        }

        @Override
        public void onResponse(ChatModelResponseContext context) {
            words.add("answered " + context.chatResponse().aiMessage().text() + " "
                    + context.attributes().get("mark"));
        }

        @Override
        public void onError(ChatModelErrorContext context) {
            words.add("failed " + context.error().getClass().getSimpleName() + " "
                    + context.attributes().get("mark"));
        }
    }
}
