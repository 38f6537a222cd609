package io.mlflowgateway.langchain4j;

import dev.langchain4j.model.StreamingResponseHandler;
import dev.langchain4j.model.language.StreamingLanguageModel;
import io.mlflowgateway.langchain4j.internal.CompletionDelivery;
import io.mlflowgateway.langchain4j.internal.CompletionEvent;
import io.mlflowgateway.langchain4j.internal.Completions;
import io.mlflowgateway.langchain4j.internal.RouteCall;
import io.mlflowgateway.langchain4j.spi.MlflowGatewayStreamingLanguageModelBuilderFactory;
import java.util.Map;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

/**
 * A language model that completes prompts piece by piece through a completions route of a gateway.
 *
 * <pre>{@code
 * StreamingLanguageModel model = MlflowGatewayStreamingLanguageModel.builder()
 *         .baseUrl("http://127.0.0.1:5000")
 *         .route("completions")
 *         .build();
 * model.generate("Once upon a time", handler);
 * }</pre>
 *
 * <p>A real MLflow server of 2.5 to 2.8 cannot stream: the whole text comes as one piece. MLflow 2.22 and 3.17 stream only
 * completions that their provider writes like chat answers ({@code delta.content}); with any other the stream fails.
 */
public class MlflowGatewayStreamingLanguageModel implements StreamingLanguageModel {

    private final @Nullable String route;
    private final Map<String, Object> fields;
    private final Completions completions;

    /** Use {@link #builder()}; public so that frameworks can extend it. */
    public MlflowGatewayStreamingLanguageModel(MlflowGatewayStreamingLanguageModelBuilder builder) {
        this.route = builder.routeName();
        this.fields = builder.fields();
        this.completions = new Completions(builder.connection());
    }

    @Override
    public void generate(String prompt, StreamingResponseHandler<String> handler) {
        CompletionDelivery.start(completions.streamed(call(), prompt, fields), handler, Answers::completion);
    }

    /**
     * Completes a prompt piece by piece. Nothing happens before a subscription, and each makes a call of its own. No more
     * is read from the connection than was asked for and a small buffer holds; cancelling closes it.
     *
     * @param prompt what is completed
     * @return text, none of it empty, on threads of the client that must not be blocked
     */
    public Flux<String> textFlux(String prompt) {
        return Flux.defer(() -> completions.streamed(call(), prompt, fields))
                .filter(event -> event.answer().isEmpty())
                .map(CompletionEvent::text);
    }

    private RouteCall call() {
        return RouteCall.to(RouteNames.required(route));
    }

    /** {@return a builder, from a registered factory if there is one} */
    public static MlflowGatewayStreamingLanguageModelBuilder builder() {
        return ServiceLoader.load(MlflowGatewayStreamingLanguageModelBuilderFactory.class)
                .findFirst()
                .map(MlflowGatewayStreamingLanguageModelBuilderFactory::get)
                .orElseGet(MlflowGatewayStreamingLanguageModelBuilder::new);
    }

    /** Builds it. */
    public static class MlflowGatewayStreamingLanguageModelBuilder
            extends MlflowGatewayCompletionBuilder<MlflowGatewayStreamingLanguageModelBuilder> {

        /** Use {@link MlflowGatewayStreamingLanguageModel#builder()}; public so that it can be extended. */
        public MlflowGatewayStreamingLanguageModelBuilder() {}

        /** {@return what was described} */
        public MlflowGatewayStreamingLanguageModel build() {
            return new MlflowGatewayStreamingLanguageModel(this);
        }
    }
}
