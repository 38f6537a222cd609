package io.mlflowgateway.langchain4j.fallback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.exception.AuthenticationException;
import dev.langchain4j.exception.HttpException;
import dev.langchain4j.exception.InternalServerException;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.ModelNotFoundException;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.exception.TimeoutException;
import dev.langchain4j.exception.UnresolvedModelServerException;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.ChatRequestOptions;
import dev.langchain4j.model.chat.listener.ChatModelErrorContext;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.listener.ChatModelRequestContext;
import dev.langchain4j.model.chat.listener.ChatModelResponseContext;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.output.Response;
import dev.langchain4j.model.output.TokenUsage;
import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FallbackChatModelTest {

    private static final ChatRequest HELLO =
            ChatRequest.builder().messages(UserMessage.from("Hello")).build();

    private final Fake first = new Fake("first");
    private final Fake second = new Fake("second");

    static Stream<RuntimeException> passing() {
        return Stream.of(
                new RateLimitException("no"),
                new TimeoutException("no"),
                new InternalServerException("no"),
                new ModelNotFoundException("no"),
                new UnresolvedModelServerException("no"),
                new HttpException(503, "no"),
                new RuntimeException(new ConnectException("refused")));
    }

    @Test
    void a_failure_that_is_thrown_again_and_again_does_not_grow() {
        first.fails = new InternalServerException("the same");
        second.fails = new InternalServerException("always");
        FallbackChatModel model = model();

        for (int call = 0; call < 3; call++) {
            assertThatThrownBy(() -> model.chat(HELLO)).isSameAs(second.fails);
        }

        assertThat(second.fails.getSuppressed()).containsExactly(first.fails);
    }

    @ParameterizedTest
    @MethodSource("passing")
    void the_next_one_answers_when_one_fails_in_a_way_another_may_not(RuntimeException failure) {
        first.fails = failure;

        ChatResponse response = model().chat(HELLO);

        assertThat(response.aiMessage().text()).isEqualTo("second says hello");
        FallbackChatResponseMetadata metadata = (FallbackChatResponseMetadata) response.metadata();
        assertThat(metadata.answeredBy()).isEqualTo("second");
        assertThat(metadata.failedTries()).containsExactly(new FailedTry("first", failure));
    }

    static Stream<RuntimeException> lasting() {
        return Stream.of(
                new AuthenticationException("no"),
                new InvalidRequestException("no"),
                new UnsupportedFeatureException("no"),
                new HttpException(400, "no"),
                new IllegalArgumentException("no"));
    }

    @ParameterizedTest
    @MethodSource("lasting")
    void what_every_one_would_refuse_is_the_callers_at_once(RuntimeException failure) {
        first.fails = failure;

        assertThatThrownBy(() -> model().chat(HELLO)).isSameAs(failure);
        assertThat(second.calls).isZero();
    }

    @Test
    void when_all_fail_the_last_failure_is_thrown_with_those_before_it() {
        RuntimeException firstNo = new RateLimitException("first no");
        RuntimeException secondNo = new InternalServerException("second no");
        first.fails = firstNo;
        second.fails = secondNo;

        Throwable thrown = catchThrowable(() -> model().chat(HELLO));

        assertThat(thrown).isSameAs(secondNo).hasSuppressedException(firstNo);
        assertThat(first.calls).isEqualTo(1);
        assertThat(second.calls).isEqualTo(1);
    }

    @Test
    void metadata_are_those_of_the_one_that_answered_and_survive_a_builder() {
        ChatResponse response = model().chat(HELLO);

        FallbackChatResponseMetadata metadata = (FallbackChatResponseMetadata) response.metadata();
        assertThat(metadata.modelName()).isEqualTo("first");
        assertThat(metadata.failedTries()).isEmpty();
        assertThat(metadata.original()).isEqualTo(first.answer().metadata());
        assertThat(metadata.toBuilder().build()).isEqualTo(metadata).hasSameHashCodeAs(metadata);
        assertThat(metadata.toBuilder().tokenUsage(new TokenUsage(9)).build().answeredBy())
                .isEqualTo("first");
        assertThat(metadata.toString()).contains("answeredBy=first");
    }

    @Test
    void listeners_are_told_once_of_each_call_that_was_made_with_the_callers_attributes() {
        List<String> told = new ArrayList<>();
        first.listener = new Told("first", told);
        second.listener = new Told("second", told);
        first.fails = new RateLimitException("no");

        model().chat(
                        HELLO,
                        ChatRequestOptions.builder()
                                .addListenerAttribute("who", "me")
                                .build());

        assertThat(told).containsExactly("first request me", "first error", "second request me", "second response");
    }

    @Test
    void each_member_fills_in_its_own_defaults() {
        first.fails = new RateLimitException("no");

        model().chat(HELLO);

        assertThat(first.lastModelName).isEqualTo("first");
        assertThat(second.lastModelName).isEqualTo("second");
    }

    @Test
    void a_pool_spreads_calls_and_passes_over_the_failing_one() {
        FallbackChatModel pool = FallbackChatModel.builder()
                .model(null, first, 3)
                .model(null, second, 1)
                .order(FallbackOrder.ROUND_ROBIN)
                .coolDown(Duration.ofHours(1))
                .build();

        for (int call = 0; call < 8; call++) {
            pool.chat("Hello");
        }
        assertThat(first.calls).isEqualTo(6);
        assertThat(second.calls).isEqualTo(2);

        first.fails = new RateLimitException("no");
        for (int call = 0; call < 8; call++) {
            assertThat(pool.chat("Hello")).isEqualTo("second says hello");
        }
        assertThat(first.calls).isEqualTo(7);
    }

    @Test
    void the_caller_may_decide_after_which_failures_it_goes_on() {
        first.fails = new AuthenticationException("no");

        FallbackChatModel model = FallbackChatModel.builder()
                .models(first, second)
                .fallbackOn(AuthenticationException.class::isInstance)
                .build();

        assertThat(model.chat("Hello")).isEqualTo("second says hello");
    }

    @Test
    void it_can_do_what_all_can_and_is_of_a_provider_if_all_are() {
        first.capabilities = Set.of(Capability.RESPONSE_FORMAT_JSON_SCHEMA);

        assertThat(model().supportedCapabilities()).isEmpty();
        second.capabilities = Set.of(Capability.RESPONSE_FORMAT_JSON_SCHEMA);
        assertThat(model().supportedCapabilities()).containsExactly(Capability.RESPONSE_FORMAT_JSON_SCHEMA);
        assertThat(model().provider()).isEqualTo(ModelProvider.OPEN_AI);
    }

    @Test
    void builders_take_null_for_not_set_and_refuse_what_makes_no_sense() {
        FallbackChatModel.FallbackChatModelBuilder builder = FallbackChatModel.builder()
                .models((List<ChatModel>) null)
                .models((ChatModel[]) null)
                .model(null, null)
                .order(null)
                .coolDown(null)
                .maxCoolDown(null)
                .maxTries(null)
                .fallbackOn(null);

        assertThatThrownBy(builder::build).hasMessage("at least one model is needed");
        assertThat(builder.model("a", first).build().chat("Hello")).isEqualTo("first says hello");
        assertThatThrownBy(() -> builder.maxTries(0).build()).hasMessageContaining("maxTries");
        assertThatThrownBy(() ->
                        builder.maxTries(null).coolDown(Duration.ofSeconds(-1)).build())
                .hasMessageContaining("coolDown");
        assertThatThrownBy(
                        () -> FallbackChatModel.builder().model("a", first, 0).build())
                .hasMessageContaining("weight of a");
    }

    @Test
    void members_of_one_name_are_told_apart() {
        Fake twin = new Fake("first");
        first.fails = new RateLimitException("no");

        ChatResponse response =
                FallbackChatModel.builder().models(first, twin).build().chat(HELLO);

        assertThat(((FallbackChatResponseMetadata) response.metadata()).answeredBy())
                .isEqualTo("first#2");
    }

    @Test
    void embeddings_fall_back_by_the_same_rules() {
        EmbeddingModel down = new Vectors(new InternalServerException("down"));
        EmbeddingModel up = new Vectors(null);

        FallbackEmbeddingModel model =
                FallbackEmbeddingModel.builder().models(down, up).build();

        assertThat(model.embed("x").content()).isEqualTo(Embedding.from(new float[] {1, 2}));
        assertThat(model.embedAll(List.of(TextSegment.from("x"), TextSegment.from("y")))
                        .content())
                .hasSize(2);
        assertThat(model.dimension()).isEqualTo(2);
    }

    private FallbackChatModel model() {
        return FallbackChatModel.builder().models(first, second).build();
    }

    private static final class Fake implements ChatModel {

        private final String name;
        private int calls;
        private @Nullable RuntimeException fails;
        private @Nullable ChatModelListener listener;
        private @Nullable String lastModelName;
        private Set<Capability> capabilities = Set.of();

        Fake(String name) {
            this.name = name;
        }

        @Override
        public ChatResponse doChat(ChatRequest request) {
            calls++;
            lastModelName = request.modelName();
            if (fails != null) {
                throw fails;
            }
            return answer();
        }

        ChatResponse answer() {
            return ChatResponse.builder()
                    .aiMessage(AiMessage.from(name + " says hello"))
                    .modelName(name)
                    .tokenUsage(new TokenUsage(1, 2))
                    .build();
        }

        @Override
        public ChatRequestParameters defaultRequestParameters() {
            return ChatRequestParameters.builder().modelName(name).build();
        }

        @Override
        public List<ChatModelListener> listeners() {
            return listener == null ? List.of() : List.of(listener);
        }

        @Override
        public ModelProvider provider() {
            return ModelProvider.OPEN_AI;
        }

        @Override
        public Set<Capability> supportedCapabilities() {
            return capabilities;
        }
    }

    private record Told(String name, List<String> told) implements ChatModelListener {

        @Override
        public void onRequest(ChatModelRequestContext context) {
            told.add(name + " request " + context.attributes().get("who"));
        }

        @Override
        public void onResponse(ChatModelResponseContext context) {
            told.add(name + " response");
        }

        @Override
        public void onError(ChatModelErrorContext context) {
            told.add(name + " error");
        }
    }

    private record Vectors(@Nullable RuntimeException fails) implements EmbeddingModel {

        @Override
        public Response<List<Embedding>> embedAll(List<TextSegment> segments) {
            if (fails != null) {
                throw fails;
            }
            return Response.from(segments.stream()
                    .map(segment -> Embedding.from(new float[] {1, 2}))
                    .toList());
        }
    }
}
