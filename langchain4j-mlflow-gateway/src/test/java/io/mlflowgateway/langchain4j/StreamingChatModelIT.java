package io.mlflowgateway.langchain4j;

import static io.mlflowgateway.langchain4j.StubGateway.deployments;
import static io.mlflowgateway.langchain4j.StubGateway.soon;
import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.output.FinishReason;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class StreamingChatModelIT {

    @Test
    void text_thinking_and_usage_arrive_piece_by_piece_on_one_thread_of_its_own() throws Exception {
        try (StubGateway gateway = deployments((request, wire) -> wire.stream("X-Request-Id: req-1")
                .chunk(Fixtures.text("chat.sse"))
                .end())) {
            RecordingHandler handler = new RecordingHandler();

            model(gateway).chat("Who?", handler);
            ChatResponse response = handler.response();

            assertThat(handler.callbacks)
                    .containsExactly("thinking Who? ", "text Гёте, ", "text ゲーテ 🙂", "complete Гёте, ゲーテ 🙂");
            assertThat(handler.threads).hasSize(1).doesNotContain(Thread.currentThread());
            assertThat(response.aiMessage().thinking()).isEqualTo("Who? ");
            assertThat(response.finishReason()).isEqualTo(FinishReason.STOP);
            assertThat(response.tokenUsage().totalTokenCount()).isEqualTo(24);
            MlflowGatewayChatResponseMetadata metadata = (MlflowGatewayChatResponseMetadata) response.metadata();
            assertThat(metadata.route()).isEqualTo("chat");
            assertThat(metadata.servedModel()).isEqualTo("gpt-x-2026");
            assertThat(metadata.requestId()).isEqualTo("req-1");
        }
    }

    @Test
    void the_request_asks_for_a_stream_with_usage_and_names_no_model() throws Exception {
        try (StubGateway gateway = deployments((request, wire) ->
                wire.stream().chunk(Fixtures.text("chat.sse")).end())) {
            RecordingHandler handler = new RecordingHandler();

            model(gateway).chat("Who?", handler);
            handler.response();

            StubGateway.Seen call = gateway.calls().get(0);
            assertThat(call.path()).isEqualTo("/endpoints/chat/invocations");
            assertThat(Fixtures.parse(call.body()))
                    .isEqualTo(Fixtures.parse("{\"messages\":[{\"role\":\"user\",\"content\":\"Who?\"}],"
                            + "\"stream\":true,\"stream_options\":{\"include_usage\":true}}"));
            assertThat(call.headers().get("Accept")).contains("text/event-stream");
        }
    }

    @Test
    void a_stream_without_done_is_complete_when_the_model_said_it_stopped() throws Exception {
        try (StubGateway gateway = deployments((request, wire) ->
                wire.stream().chunk(Fixtures.text("chat-mlflow.sse")).end())) {
            RecordingHandler handler = new RecordingHandler();

            model(gateway).chat("Who?", handler);

            assertThat(handler.response().tokenUsage().totalTokenCount()).isEqualTo(11);
            assertThat(handler.callbacks).containsExactly("text Goe", "text the", "complete Goethe");
        }
    }

    @Test
    void tool_calls_arrive_in_parts_and_whole() throws Exception {
        try (StubGateway gateway = deployments((request, wire) ->
                wire.stream().chunk(Fixtures.text("chat-tools.sse")).end())) {
            RecordingHandler handler = new RecordingHandler();

            model(gateway).chat("Warm?", handler);
            ChatResponse response = handler.response();

            assertThat(handler.callbacks)
                    .containsExactly(
                            "part 0 call_1 weather {\"city\":",
                            "part 0 call_1 weather \"Weimar\"}",
                            "tool 0 call_1 weather {\"city\":\"Weimar\"}",
                            "part 1 call_2 now {}",
                            "tool 1 call_2 now {}",
                            "complete null");
            assertThat(response.finishReason()).isEqualTo(FinishReason.TOOL_EXECUTION);
            assertThat(response.aiMessage().toolExecutionRequests()).hasSize(2);
        }
    }

    @Test
    void done_ends_the_answer_though_the_connection_stays_open() throws Exception {
        try (StubGateway gateway = deployments((request, wire) -> {
            wire.stream().says("Hi").stops("stop").event("[DONE]");
            wire.hold();
        })) {
            RecordingHandler handler = new RecordingHandler();

            model(gateway).chat("Hello", handler);
            handler.response();

            assertThat(handler.callbacks).containsExactly("text Hi", "complete Hi");
            assertThat(handler.saidMore()).isFalse();
        }
    }

    @Test
    void connections_are_used_again_after_streams() throws Exception {
        try (StubGateway gateway = deployments((request, wire) ->
                wire.stream().says("Hi").stops("stop").event("[DONE]").end())) {
            MlflowGatewayStreamingChatModel model = model(gateway);

            for (int count = 0; count < 10; count++) {
                RecordingHandler handler = new RecordingHandler();
                model.chat("Hello", handler);
                handler.response();
            }

            // The answer is complete a moment before its connection is free, so two or three take turns.
            assertThat(gateway.calls()).hasSize(10);
            assertThat(gateway.connections()).isLessThanOrEqualTo(3);
        }
    }

    @Test
    void what_a_callback_throws_is_told_as_it_is_and_the_stream_goes_on() throws Exception {
        IllegalStateException mistake = new IllegalStateException("mine");
        CompletableFuture<Throwable> told = new CompletableFuture<>();
        try (StubGateway gateway = deployments((request, wire) -> wire.stream()
                .says("one")
                .says("two")
                .stops("stop")
                .event("[DONE]")
                .end())) {
            RecordingHandler handler = new RecordingHandler() {
                @Override
                public void onPartialResponse(PartialResponse part, PartialResponseContext context) {
                    super.onPartialResponse(part, context);
                    if (part.text().equals("one")) {
                        throw mistake;
                    }
                }

                @Override
                public void onError(Throwable error) {
                    callbacks.add("told");
                    told.complete(error);
                }
            };

            model(gateway).chat("Count", handler);
            handler.response();

            assertThat(soon(told)).isSameAs(mistake);
            assertThat(handler.callbacks).containsExactly("text one", "told", "text two", "complete onetwo");
        }
    }

    @Test
    void the_request_chooses_the_route() throws Exception {
        try (StubGateway gateway = deployments((request, wire) ->
                wire.stream().says("Hi").stops("strange").event("[DONE]").end())) {
            RecordingHandler handler = new RecordingHandler();
            ChatRequest request = ChatRequest.builder()
                    .messages(UserMessage.from("Hello"))
                    .modelName("other route")
                    .build();

            model(gateway).chat(request, handler);
            ChatResponse response = handler.response();

            assertThat(gateway.calls().get(0).path()).isEqualTo("/endpoints/other%20route/invocations");
            assertThat(response.modelName()).isEqualTo("other route");
            assertThat(response.finishReason()).isEqualTo(FinishReason.OTHER);
        }
    }

    private static MlflowGatewayStreamingChatModel model(StubGateway gateway) {
        return MlflowGatewayStreamingChatModel.builder()
                .baseUrl(gateway.url())
                .route("chat")
                .returnThinking(true)
                .build();
    }
}
