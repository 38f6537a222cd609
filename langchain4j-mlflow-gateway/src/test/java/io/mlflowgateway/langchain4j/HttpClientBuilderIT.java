package io.mlflowgateway.langchain4j;

import static io.mlflowgateway.langchain4j.StubGateway.deployments;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.exception.InternalServerException;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.exception.TimeoutException;
import dev.langchain4j.http.client.jdk.JdkHttpClientBuilder;
import io.mlflowgateway.langchain4j.failure.GatewayConnectionException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.net.URL;
import java.net.URLClassLoader;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A user's LangChain4j HTTP client in place of the default transport, and life without that library. */
class HttpClientBuilderIT {

    @Test
    void whole_answers_travel_through_it() throws Exception {
        try (StubGateway gateway =
                deployments((request, wire) -> wire.json(200, Fixtures.text("chat-response.json")))) {
            assertThat(whole(gateway).chat("Кто? 誰？")).isEqualTo("Goethe.");
            assertThat(gateway.calls().get(0).body()).contains("Кто? 誰？");
        }
    }

    @Test
    void streams_travel_through_it() throws Exception {
        try (StubGateway gateway = deployments((request, wire) ->
                wire.stream().chunk(Fixtures.text("chat.sse")).end())) {
            RecordingHandler handler = new RecordingHandler();

            streaming(gateway).build().chat("Who?", handler);
            handler.response();

            assertThat(handler.callbacks).containsExactly("text Гёте, ", "text ゲーテ 🙂", "complete Гёте, ゲーテ 🙂");
            assertThat(handler.threads).hasSize(1);
        }
    }

    @Test
    void its_refusals_and_breaks_are_mapped_once() throws Exception {
        try (StubGateway refusing = deployments((request, wire) -> wire.json(429, Fixtures.text("error-429.json")));
                StubGateway failing = deployments((request, wire) -> wire.json(500, "{\"detail\":\"oops\"}"));
                StubGateway cutting =
                        deployments((request, wire) -> wire.stream().says("Hal").close())) {
            RecordingHandler refused = new RecordingHandler();
            RecordingHandler cut = new RecordingHandler();

            streaming(refusing).maxRetries(0).build().chat("Who?", refused);
            streaming(cutting).build().chat("Who?", cut);

            assertThat(refused.failure()).isInstanceOf(RateLimitException.class);
            assertThat(cut.failure()).isInstanceOf(GatewayConnectionException.class);
            assertThat(cut.saidMore()).isFalse();
            assertThat(cut.callbacks).hasSize(2);
            assertThatThrownBy(() -> MlflowGatewayChatModel.builder()
                            .baseUrl(failing.url())
                            .route("chat")
                            .maxRetries(0)
                            .httpClientBuilder(new JdkHttpClientBuilder())
                            .build()
                            .chat("Who?"))
                    .isInstanceOf(InternalServerException.class)
                    .hasMessageContaining("oops");
        }
    }

    @Test
    void its_streams_time_out_when_silent_and_are_cancelled() throws Exception {
        CompletableFuture<Void> gone = new CompletableFuture<>();
        try (StubGateway gateway = deployments((request, wire) -> {
            wire.stream().says("Hal");
            wire.awaitClient(gone);
        })) {
            RecordingHandler handler = new RecordingHandler();

            streaming(gateway).idleTimeout(Duration.ofMillis(300)).build().chat("Who?", handler);

            assertThat(handler.failure()).isInstanceOf(TimeoutException.class);
            gone.get(2, TimeUnit.SECONDS);
        }
    }

    @Test
    void its_refused_connections_name_the_address() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }

        assertThatThrownBy(() -> MlflowGatewayChatModel.builder()
                        .baseUrl("http://127.0.0.1:" + port)
                        .route("chat")
                        .maxRetries(0)
                        .httpClientBuilder(new JdkHttpClientBuilder())
                        .build()
                        .chat("Who?"))
                .isInstanceOf(GatewayConnectionException.class)
                .hasMessageContaining("http://127.0.0.1:" + port);
    }

    @Test
    void models_are_built_where_that_library_is_missing() throws Exception {
        try (URLClassLoader without = new WithoutHttpClient()) {
            Class<?> model = without.loadClass("io.mlflowgateway.langchain4j.MlflowGatewayChatModel");
            Object builder = model.getMethod("builder").invoke(null);

            Object chained = without.loadClass("io.mlflowgateway.langchain4j.WithoutHttpClientUser")
                    .getMethod("build")
                    .invoke(null);

            assertThat(builder).isNotNull();
            assertThat(chained.getClass().getClassLoader()).isSameAs(without);
        }
    }

    private static MlflowGatewayChatModel whole(StubGateway gateway) {
        return MlflowGatewayChatModel.builder()
                .baseUrl(gateway.url())
                .route("chat")
                .httpClientBuilder(new JdkHttpClientBuilder())
                .build();
    }

    private static MlflowGatewayStreamingChatModel.MlflowGatewayStreamingChatModelBuilder streaming(
            StubGateway gateway) {
        return MlflowGatewayStreamingChatModel.builder()
                .baseUrl(gateway.url())
                .route("chat")
                .httpClientBuilder(new JdkHttpClientBuilder());
    }

    /** The test's class path, except for LangChain4j's HTTP client. */
    private static final class WithoutHttpClient extends URLClassLoader {

        WithoutHttpClient() {
            super(new URL[0], HttpClientBuilderIT.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (name.startsWith("dev.langchain4j.http.")) {
                throw new ClassNotFoundException(name);
            }
            if (!name.startsWith("io.mlflowgateway.")) {
                return super.loadClass(name, resolve);
            }
            synchronized (getClassLoadingLock(name)) {
                Class<?> known = findLoadedClass(name);
                return known != null ? known : define(name);
            }
        }

        private Class<?> define(String name) throws ClassNotFoundException {
            try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
                byte[] bytes = in == null ? new byte[0] : in.readAllBytes();
                return defineClass(name, bytes, 0, bytes.length);
            } catch (IOException unreadable) {
                throw new ClassNotFoundException(name, unreadable);
            }
        }
    }
}
