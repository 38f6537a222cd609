package io.mlflowgateway.langchain4j;

import static io.mlflowgateway.langchain4j.StubGateway.deployments;
import static io.mlflowgateway.langchain4j.StubGateway.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.exception.InternalServerException;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import io.mlflowgateway.langchain4j.failure.GatewayConnectionException;
import io.mlflowgateway.langchain4j.failure.GatewayRateLimitException;
import io.mlflowgateway.langchain4j.fallback.FallbackChatModel;
import io.mlflowgateway.langchain4j.fallback.FallbackChatResponseMetadata;
import io.mlflowgateway.langchain4j.fallback.FallbackStreamingChatModel;
import java.net.ServerSocket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Streams of several members: gateways, a workspace, and models of other makers. */
class FallbackStreamingIT {

    @Test
    void a_workspace_answers_when_the_gateway_is_not_there() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        try (StubGateway workspace = new StubGateway((request, wire) ->
                wire.stream().chunk(Fixtures.text("chat-mlflow.sse")).end())) {
            StreamingChatModel gone = streaming("http://127.0.0.1:" + port).build();
            StreamingChatModel databricks = streaming(workspace.url())
                    .dialect(MlflowGatewayDialect.SERVING_ENDPOINTS)
                    .build();
            RecordingHandler handler = new RecordingHandler();

            FallbackStreamingChatModel.builder()
                    .model("gateway", gone)
                    .model("workspace", databricks)
                    .build()
                    .chat("Who?", handler);

            FallbackChatResponseMetadata metadata =
                    (FallbackChatResponseMetadata) handler.response().metadata();
            assertThat(handler.callbacks).containsExactly("text Goe", "text the", "complete Goethe");
            assertThat(metadata.answeredBy()).isEqualTo("workspace");
            assertThat(metadata.failedTries()).hasSize(1);
            assertThat(metadata.original()).isInstanceOf(MlflowGatewayChatResponseMetadata.class);
            assertThat(metadata.failedTries().get(0).failure()).isInstanceOf(GatewayConnectionException.class);
        }
    }

    @Test
    void a_stream_that_broke_after_its_first_event_is_not_begun_elsewhere() throws Exception {
        try (StubGateway breaking =
                        deployments((request, wire) -> wire.stream().says("Hal").close());
                StubGateway second = answering("Hi")) {
            RecordingHandler handler = new RecordingHandler();

            FallbackStreamingChatModel.builder()
                    .models(
                            streaming(breaking.url()).build(),
                            streaming(second.url()).build())
                    .build()
                    .chat("Who?", handler);

            assertThat(handler.failure()).isInstanceOf(GatewayConnectionException.class);
            assertThat(handler.saidMore()).isFalse();
            assertThat(handler.callbacks).containsExactly("text Hal", "error GatewayConnectionException");
            assertThat(second.seen()).isEmpty();
        }
    }

    @Test
    void when_all_fail_the_handler_hears_one_failure() throws Exception {
        try (StubGateway limited = deployments((request, wire) -> wire.json(429, "{}", "Retry-After: 99"))) {
            RecordingHandler handler = new RecordingHandler();

            FallbackStreamingChatModel.builder()
                    .models(
                            streaming(limited.url()).build(),
                            streaming(limited.url()).build())
                    .build()
                    .chat("Who?", handler);

            assertThat(handler.failure()).isInstanceOf(GatewayRateLimitException.class);
            assertThat(handler.failure().getSuppressed()).hasSize(1);
            assertThat(handler.saidMore()).isFalse();
            assertThat(handler.callbacks).containsExactly("error GatewayRateLimitException");
            assertThat(limited.calls()).hasSize(2);
        }
    }

    @Test
    void a_gateway_that_asked_to_be_left_alone_is_left_alone() throws Exception {
        try (StubGateway limited = deployments((request, wire) -> wire.json(429, "{}", "Retry-After: 99"));
                StubGateway second =
                        deployments((request, wire) -> wire.json(200, Fixtures.text("chat-response.json")))) {
            FallbackChatModel model = FallbackChatModel.builder()
                    .models(whole(limited), whole(second))
                    .build();

            for (int call = 0; call < 3; call++) {
                assertThat(model.chat("Who?")).isEqualTo("Goethe.");
            }

            assertThat(limited.calls()).hasSize(1);
            assertThat(second.calls()).hasSize(3);
        }
    }

    @Test
    void cancelling_closes_the_connection_of_the_member_that_streams() throws Exception {
        CompletableFuture<Void> gone = new CompletableFuture<>();
        try (StubGateway down = deployments((request, wire) -> wire.json(503, "{}"));
                StubGateway second = deployments((request, wire) -> {
                    wire.stream().says("one");
                    wire.awaitClient(gone);
                })) {
            RecordingHandler handler = new RecordingHandler();

            FallbackStreamingChatModel.builder()
                    .models(
                            streaming(down.url()).build(),
                            streaming(second.url()).build())
                    .build()
                    .chat("Who?", handler);
            soon(handler.firstText).cancel();

            gone.get(1, TimeUnit.SECONDS);
            assertThat(handler.saidMoreThan(1)).isFalse();
            assertThat(handler.callbacks).containsExactly("text one");
        }
    }

    @Test
    void what_a_callback_throws_is_told_and_the_stream_goes_on() throws Exception {
        IllegalStateException mistake = new IllegalStateException("mine");
        try (StubGateway gateway = answering("one")) {
            RecordingHandler handler = new RecordingHandler() {
                @Override
                public void onPartialResponse(PartialResponse part, PartialResponseContext context) {
                    super.onPartialResponse(part, context);
                    throw mistake;
                }

                @Override
                public void onError(Throwable error) {
                    callbacks.add("told " + error.getMessage());
                }
            };

            FallbackStreamingChatModel.builder()
                    .models(streaming(gateway.url()).build())
                    .build()
                    .chat("Who?", handler);

            handler.response();
            assertThat(handler.callbacks).containsExactly("text one", "told mine", "complete one");
        }
    }

    @Test
    void a_member_that_tells_of_a_failure_and_of_an_answer_is_heard_once() throws Exception {
        try (StubGateway second = answering("Hi")) {
            StreamingChatModel twofold = scripted(handler -> {
                handler.onError(new InternalServerException("cut"));
                handler.onCompleteResponse(answer("half"));
            });
            RecordingHandler handler = new RecordingHandler();

            FallbackStreamingChatModel.builder()
                    .models(twofold, streaming(second.url()).build())
                    .build()
                    .chat("Who?", handler);

            handler.response();
            assertThat(handler.saidMore()).isFalse();
            assertThat(handler.callbacks).containsExactly("text Hi", "complete Hi");
        }
    }

    @Test
    void a_member_that_tells_of_two_failures_is_heard_once() throws Exception {
        try (StubGateway second = answering("Hi")) {
            StreamingChatModel twofold = scripted(handler -> {
                handler.onError(new InternalServerException("cut"));
                handler.onError(new InternalServerException("cut, really"));
            });
            RecordingHandler handler = new RecordingHandler();

            FallbackStreamingChatModel.builder()
                    .models(twofold, streaming(second.url()).build())
                    .build()
                    .chat("Who?", handler);

            handler.response();
            assertThat(handler.saidMore()).isFalse();
            assertThat(handler.callbacks).containsExactly("text Hi", "complete Hi");
            assertThat(second.calls()).hasSize(1);
        }
    }

    @Test
    void a_member_that_tells_twice_after_its_first_event_is_heard_once_too() {
        StreamingChatModel twofold = scripted(handler -> {
            handler.onPartialResponse("Hal");
            handler.onError(new InternalServerException("cut"));
            handler.onCompleteResponse(answer("Hal"));
        });
        RecordingHandler handler = plainParts();

        FallbackStreamingChatModel.builder().models(twofold).build().chat("Who?", handler);

        assertThat(handler.callbacks).containsExactly("text Hal", "error InternalServerException");
    }

    @Test
    void what_a_member_throws_before_it_calls_anybody_is_a_failure_like_others() throws Exception {
        try (StubGateway second = answering("Hi")) {
            StreamingChatModel throwing = scripted(handler -> {
                throw new InternalServerException("not today");
            });
            StreamingChatModel refusing = scripted(handler -> {
                throw new InvalidRequestException("not so");
            });
            RecordingHandler handler = new RecordingHandler();

            FallbackStreamingChatModel.builder()
                    .models(throwing, streaming(second.url()).build())
                    .build()
                    .chat("Who?", handler);

            handler.response();
            assertThat(handler.callbacks).containsExactly("text Hi", "complete Hi");
            assertThatThrownBy(() -> FallbackStreamingChatModel.builder()
                            .models(refusing, throwing)
                            .build()
                            .chat("Who?", new RecordingHandler()))
                    .hasMessage("not so");
        }
    }

    @Test
    void what_a_member_throws_after_it_told_of_a_failure_begins_no_second_stream() throws Exception {
        try (StubGateway second = answering("Hi")) {
            StreamingChatModel twofold = scripted(handler -> {
                handler.onError(new InternalServerException("cut"));
                throw new InternalServerException("cut, really");
            });
            RecordingHandler handler = new RecordingHandler();

            FallbackStreamingChatModel.builder()
                    .models(twofold, streaming(second.url()).build(), twofold)
                    .build()
                    .chat("Who?", handler);

            handler.response();
            assertThat(handler.saidMore()).isFalse();
            assertThat(handler.callbacks).containsExactly("text Hi", "complete Hi");
            assertThat(second.calls()).hasSize(1);
        }
    }

    @Test
    void what_a_member_throws_after_its_first_event_ends_the_stream_for_good() throws Exception {
        try (StubGateway second = answering("Hi")) {
            StreamingChatModel breaking = scripted(handler -> {
                handler.onPartialResponse("Hal");
                throw new InternalServerException("cut");
            });
            RecordingHandler handler = plainParts();

            FallbackStreamingChatModel.builder()
                    .models(breaking, streaming(second.url()).build())
                    .build()
                    .chat("Who?", handler);

            assertThat(handler.failure()).hasMessage("cut");
            assertThat(handler.saidMore()).isFalse();
            assertThat(handler.callbacks).containsExactly("text Hal", "error InternalServerException");
            assertThat(second.seen()).isEmpty();
        }
    }

    @Test
    void what_a_member_throws_or_the_users_own_test_of_failures_is_told_when_nobody_else_would() {
        StreamingChatModel down = scripted(handler -> handler.onError(new InternalServerException("down")));
        StreamingChatModel broken = scripted(handler -> {
            throw new NoClassDefFoundError("missing");
        });
        RecordingHandler one = new RecordingHandler();
        RecordingHandler other = new RecordingHandler();

        FallbackStreamingChatModel.builder()
                .model("down", down)
                .model("broken", broken)
                .build()
                .chat("Hello", one);
        FallbackStreamingChatModel.builder()
                .model("down", down)
                .model("next", down)
                .fallbackOn(failure -> {
                    throw new IllegalStateException("cannot tell");
                })
                .build()
                .chat("Hello", other);

        assertThat(one.failure()).hasMessage("missing");
        assertThat(other.failure()).hasMessage("cannot tell");
    }

    @Test
    void a_member_that_tells_its_failure_and_throws_it_too_is_followed_by_one_only() {
        StreamingChatModel twice = scripted(handler -> {
            handler.onError(new InternalServerException("told"));
            throw new InternalServerException("and thrown");
        });
        StreamingChatModel good = scripted(handler -> handler.onCompleteResponse(answer("fine")));
        RecordingHandler handler = new RecordingHandler();

        FallbackStreamingChatModel.builder()
                .model("twice", twice)
                .model("good", good)
                .model("spare", good)
                .build()
                .chat("Hello", handler);

        assertThat(handler.callbacks).containsExactly("complete fine");
    }

    @Test
    void a_member_that_throws_in_the_middle_is_not_followed_by_another_one() {
        StreamingChatModel half = scripted(handler -> {
            handler.onPartialResponse("half");
            throw new InternalServerException("broken off");
        });
        StreamingChatModel good = scripted(handler -> handler.onCompleteResponse(answer("fine")));
        StreamingChatModel model = FallbackStreamingChatModel.builder()
                .model("half", half)
                .model("good", good)
                .build();
        RecordingHandler handler = new RecordingHandler();

        model.chat("Hello", handler);

        assertThat(handler.failure()).hasMessage("broken off");
        assertThat(handler.callbacks).doesNotContain("complete fine");
    }

    /** Hears parts by the callback that has no handle. */
    private static RecordingHandler plainParts() {
        return new RecordingHandler() {
            @Override
            public void onPartialResponse(String part) {
                callbacks.add("text " + part);
            }
        };
    }

    private interface Script {
        void run(StreamingChatResponseHandler handler);
    }

    private static StreamingChatModel scripted(Script script) {
        return new StreamingChatModel() {
            @Override
            public void doChat(ChatRequest request, StreamingChatResponseHandler handler) {
                script.run(handler);
            }
        };
    }

    private static ChatResponse answer(String text) {
        return ChatResponse.builder().aiMessage(AiMessage.from(text)).build();
    }

    private static StubGateway answering(String text) {
        return deployments((request, wire) ->
                wire.stream().says(text).stops("stop").event("[DONE]").end());
    }

    private static MlflowGatewayChatModel whole(StubGateway gateway) {
        return MlflowGatewayChatModel.builder()
                .baseUrl(gateway.url())
                .route("chat")
                .build();
    }

    private static MlflowGatewayStreamingChatModel.MlflowGatewayStreamingChatModelBuilder streaming(String url) {
        return MlflowGatewayStreamingChatModel.builder()
                .baseUrl(url)
                .route("chat")
                .maxRetries(0);
    }
}
