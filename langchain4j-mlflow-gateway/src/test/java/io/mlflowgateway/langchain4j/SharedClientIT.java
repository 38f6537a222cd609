package io.mlflowgateway.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlflowgateway.langchain4j.failure.GatewayConnectionException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** One client for many models. */
class SharedClientIT {

    @Test
    void models_of_one_client_share_its_connections_and_what_it_found_out() throws Exception {
        try (StubGateway gateway = StubGateway.deployments(SharedClientIT::answer);
                MlflowGatewayClient client =
                        MlflowGatewayClient.builder().baseUrl(gateway.url()).build()) {
            for (int round = 0; round < 3; round++) {
                MlflowGatewayChatModel.builder()
                        .client(client)
                        .route("chat")
                        .build()
                        .chat("Hello");
                MlflowGatewayLanguageModel.builder()
                        .client(client)
                        .route("completions")
                        .build()
                        .generate("Once upon a time");
                MlflowGatewayEmbeddingModel.builder()
                        .client(client)
                        .route("embeddings")
                        .build()
                        .embed("one");
                RecordingHandler handler = new RecordingHandler();
                MlflowGatewayStreamingChatModel.builder()
                        .client(client)
                        .route("chat")
                        .build()
                        .chat("Hello", handler);
                handler.response();
            }

            assertThat(gateway.calls()).hasSize(12);
            assertThat(gateway.connections()).isEqualTo(1);
            assertThat(gateway.seen()).as("asked once what is spoken").hasSize(13);
        }
    }

    @Test
    void a_closed_client_lets_its_connections_go_and_its_models_call_nobody() throws Exception {
        CompletableFuture<Void> gone = new CompletableFuture<>();
        try (StubGateway gateway = new StubGateway((request, wire) -> {
            answer(request, wire);
            wire.awaitClient(gone);
        })) {
            MlflowGatewayClient client = MlflowGatewayClient.builder()
                    .baseUrl(gateway.url())
                    .dialect(MlflowGatewayDialect.DEPLOYMENTS)
                    .build();
            MlflowGatewayChatModel model = MlflowGatewayChatModel.builder()
                    .client(client)
                    .route("chat")
                    .build();
            model.chat("Hello");

            client.close();
            client.close();

            assertThatThrownBy(() -> model.chat("Hello"))
                    .isInstanceOf(GatewayConnectionException.class)
                    .hasMessage("The client for " + gateway.url() + " is closed");
            assertThat(gateway.calls()).hasSize(1);
            collectedUntil(gone);
        }
    }

    /** Java's own client of 17 closes its connections when it is collected; later ones at once. */
    private static void collectedUntil(CompletableFuture<Void> gone) throws Exception {
        for (int second = 0; second < 30 && !gone.isDone(); second++) {
            System.gc();
            try {
                gone.get(1, TimeUnit.SECONDS);
            } catch (TimeoutException notYet) {
                // once more
            }
        }
        assertThat(gone).isCompleted();
    }

    @Test
    void a_client_may_be_closed_by_several_at_once_while_calls_are_under_way() throws Exception {
        try (StubGateway gateway = new StubGateway((request, wire) -> wire.hold())) {
            MlflowGatewayClient client = MlflowGatewayClient.builder()
                    .baseUrl(gateway.url())
                    .dialect(MlflowGatewayDialect.DEPLOYMENTS)
                    .build();
            MlflowGatewayStreamingChatModel model = MlflowGatewayStreamingChatModel.builder()
                    .client(client)
                    .route("chat")
                    .build();
            List<RecordingHandler> handlers =
                    Stream.generate(RecordingHandler::new).limit(100).toList();
            handlers.forEach(handler -> model.chat("Hello", handler));
            CyclicBarrier together = new CyclicBarrier(4);

            List<CompletableFuture<Void>> closed = Stream.generate(() -> CompletableFuture.runAsync(
                            () -> {
                                try {
                                    together.await();
                                } catch (Exception late) {
                                    throw new AssertionError(late);
                                }
                                client.close();
                            },
                            task -> new Thread(task).start()))
                    .limit(4)
                    .toList();

            closed.forEach(StubGateway::soon);
            assertThat(handlers)
                    .allSatisfy(handler -> assertThat(handler.failure()).hasMessageContaining("is closed"));
        }
    }

    private static void answer(StubGateway.Seen request, StubGateway.Wire wire) throws Exception {
        if (request.body().contains("\"stream\":true")) {
            wire.stream().says("Hi").stops("stop").event("[DONE]").end();
        } else if (request.body().contains("\"prompt\"")) {
            wire.json(200, Fixtures.text("completions-response.json"));
        } else if (request.body().contains("\"input\"")) {
            wire.json(200, "{\"data\":[{\"index\":0,\"embedding\":[1.0]}]}");
        } else {
            wire.json(200, Fixtures.text("chat-response.json"));
        }
    }
}
