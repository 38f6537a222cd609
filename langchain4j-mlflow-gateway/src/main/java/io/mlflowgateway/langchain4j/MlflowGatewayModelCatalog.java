package io.mlflowgateway.langchain4j;

import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.catalog.ModelCatalog;
import dev.langchain4j.model.catalog.ModelDescription;
import dev.langchain4j.model.catalog.ModelType;
import io.mlflowgateway.langchain4j.internal.Blocking;
import io.mlflowgateway.langchain4j.spi.MlflowGatewayModelCatalogBuilderFactory;
import java.util.List;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

/**
 * The routes of a gateway as LangChain4j's model catalog.
 *
 * <pre>{@code
 * ModelCatalog catalog = MlflowGatewayModelCatalog.builder()
 *         .baseUrl("http://127.0.0.1:5000")
 *         .build();
 * catalog.listModels().forEach(model -> System.out.println(model.name() + " " + model.type()));
 * }</pre>
 */
public class MlflowGatewayModelCatalog implements ModelCatalog {

    private final MlflowGatewayClient client;

    /** Use {@link #builder()}; public so that frameworks can extend it. */
    public MlflowGatewayModelCatalog(MlflowGatewayModelCatalogBuilder builder) {
        this.client = builder.client();
    }

    /** One description for each route: its name, what it does, and as owner the provider behind it. */
    @Override
    public List<ModelDescription> listModels() {
        return Blocking.await(modelFlux().collectList());
    }

    /** {@return the same without blocking, page after page} */
    public Flux<ModelDescription> modelFlux() {
        // Every generation of the API lists routes; the newer ones list endpoints, too, with the same content.
        return client.reactive().searchRoutes().map(MlflowGatewayModelCatalog::description);
    }

    private static ModelDescription description(Route route) {
        return ModelDescription.builder()
                .name(route.name())
                .provider(ModelProvider.OTHER)
                .owner(route.model().provider())
                .description(route.routeType() + " by " + route.model().name())
                .type(type(route.task()))
                .build();
    }

    private static ModelType type(TaskType task) {
        return switch (task) {
            case CHAT -> ModelType.CHAT;
            case EMBEDDINGS -> ModelType.EMBEDDING;
            case COMPLETIONS, OTHER -> ModelType.OTHER;
        };
    }

    @Override
    public ModelProvider provider() {
        return ModelProvider.OTHER;
    }

    /** {@return a builder, from a registered factory if there is one} */
    public static MlflowGatewayModelCatalogBuilder builder() {
        return ServiceLoader.load(MlflowGatewayModelCatalogBuilderFactory.class)
                .findFirst()
                .map(MlflowGatewayModelCatalogBuilderFactory::get)
                .orElseGet(MlflowGatewayModelCatalogBuilder::new);
    }

    /** Builds it. */
    public static class MlflowGatewayModelCatalogBuilder
            extends MlflowGatewayBuilder<MlflowGatewayModelCatalogBuilder> {

        private @Nullable MlflowGatewayClient client;

        /** Use {@link MlflowGatewayModelCatalog#builder()}; public so that it can be extended. */
        public MlflowGatewayModelCatalogBuilder() {}

        /**
         * Shares a client instead of making one.
         *
         * @param client closed by whoever made it
         * @return this builder
         */
        public MlflowGatewayModelCatalogBuilder client(@Nullable MlflowGatewayClient client) {
            this.client = client;
            return this;
        }

        private MlflowGatewayClient client() {
            if (client == null) {
                return new MlflowGatewayClient(this);
            }
            refuseConnectionSettings();
            return client;
        }

        /** {@return what was described} */
        public MlflowGatewayModelCatalog build() {
            return new MlflowGatewayModelCatalog(this);
        }
    }
}
