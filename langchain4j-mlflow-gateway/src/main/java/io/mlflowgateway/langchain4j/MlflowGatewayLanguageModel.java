package io.mlflowgateway.langchain4j;

import dev.langchain4j.model.language.LanguageModel;
import dev.langchain4j.model.output.Response;
import io.mlflowgateway.langchain4j.internal.Blocking;
import io.mlflowgateway.langchain4j.internal.Completions;
import io.mlflowgateway.langchain4j.internal.RouteCall;
import io.mlflowgateway.langchain4j.spi.MlflowGatewayLanguageModelBuilderFactory;
import java.util.Map;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * A language model that completes prompts through a completions route of a gateway.
 *
 * <pre>{@code
 * LanguageModel model = MlflowGatewayLanguageModel.builder()
 *         .baseUrl("http://127.0.0.1:5000")
 *         .route("completions")
 *         .maxOutputTokens(64)
 *         .build();
 * String text = model.generate("Once upon a time").content();
 * }</pre>
 */
public class MlflowGatewayLanguageModel implements LanguageModel {

    private final @Nullable String route;
    private final Map<String, Object> fields;
    private final Completions completions;

    /** Use {@link #builder()}; public so that frameworks can extend it. */
    public MlflowGatewayLanguageModel(MlflowGatewayLanguageModelBuilder builder) {
        this.route = builder.routeName();
        this.fields = builder.fields();
        this.completions = new Completions(builder.connection());
    }

    @Override
    public Response<String> generate(String prompt) {
        return Blocking.await(generateMono(prompt));
    }

    /**
     * Completes a prompt without blocking. Nothing happens before a subscription, and each makes a call of its own.
     * Cancelling closes its connection.
     *
     * @param prompt what is completed
     * @return the text, on a thread of the client that must not be blocked
     */
    public Mono<Response<String>> generateMono(String prompt) {
        return Mono.defer(() -> completions.whole(call(), prompt, fields)).map(Answers::completion);
    }

    private RouteCall call() {
        return RouteCall.to(RouteNames.required(route));
    }

    /** {@return a builder, from a registered factory if there is one} */
    public static MlflowGatewayLanguageModelBuilder builder() {
        return ServiceLoader.load(MlflowGatewayLanguageModelBuilderFactory.class)
                .findFirst()
                .map(MlflowGatewayLanguageModelBuilderFactory::get)
                .orElseGet(MlflowGatewayLanguageModelBuilder::new);
    }

    /** Builds it. */
    public static class MlflowGatewayLanguageModelBuilder
            extends MlflowGatewayCompletionBuilder<MlflowGatewayLanguageModelBuilder> {

        /** Use {@link MlflowGatewayLanguageModel#builder()}; public so that it can be extended. */
        public MlflowGatewayLanguageModelBuilder() {}

        /** {@return what was described} */
        public MlflowGatewayLanguageModel build() {
            return new MlflowGatewayLanguageModel(this);
        }
    }
}
