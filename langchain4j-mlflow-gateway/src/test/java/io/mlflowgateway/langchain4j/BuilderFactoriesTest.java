package io.mlflowgateway.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.langchain4j.MlflowGatewayChatModel.MlflowGatewayChatModelBuilder;
import io.mlflowgateway.langchain4j.MlflowGatewayEmbeddingModel.MlflowGatewayEmbeddingModelBuilder;
import io.mlflowgateway.langchain4j.MlflowGatewayLanguageModel.MlflowGatewayLanguageModelBuilder;
import io.mlflowgateway.langchain4j.MlflowGatewayModelCatalog.MlflowGatewayModelCatalogBuilder;
import io.mlflowgateway.langchain4j.MlflowGatewayStreamingChatModel.MlflowGatewayStreamingChatModelBuilder;
import io.mlflowgateway.langchain4j.MlflowGatewayStreamingLanguageModel.MlflowGatewayStreamingLanguageModelBuilder;
import io.mlflowgateway.langchain4j.spi.MlflowGatewayChatModelBuilderFactory;
import io.mlflowgateway.langchain4j.spi.MlflowGatewayEmbeddingModelBuilderFactory;
import io.mlflowgateway.langchain4j.spi.MlflowGatewayLanguageModelBuilderFactory;
import io.mlflowgateway.langchain4j.spi.MlflowGatewayModelCatalogBuilderFactory;
import io.mlflowgateway.langchain4j.spi.MlflowGatewayStreamingChatModelBuilderFactory;
import io.mlflowgateway.langchain4j.spi.MlflowGatewayStreamingLanguageModelBuilderFactory;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A framework that registers a factory gets its own builder from every {@code builder()}, and others none of it. */
class BuilderFactoriesTest {

    private static final List<Class<?>> FACTORIES = List.of(
            Chat.class, StreamingChat.class, Language.class, StreamingLanguage.class, Embedding.class, Catalog.class);

    @Test
    void a_registered_factory_makes_the_builder_of_each_model(@TempDir Path folder) throws Exception {
        register(folder);
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();

        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {folder.toUri().toURL()}, before)) {
            thread.setContextClassLoader(loader);

            assertThat(builders()).allMatch(builder -> builder.getClass().isAnonymousClass());
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    @Test
    void without_one_the_builders_are_the_modules_own() {
        assertThat(builders()).noneMatch(builder -> builder.getClass().isAnonymousClass());
    }

    private static List<MlflowGatewayBuilder<?>> builders() {
        return List.of(
                MlflowGatewayChatModel.builder(),
                MlflowGatewayStreamingChatModel.builder(),
                MlflowGatewayLanguageModel.builder(),
                MlflowGatewayStreamingLanguageModel.builder(),
                MlflowGatewayEmbeddingModel.builder(),
                MlflowGatewayModelCatalog.builder());
    }

    private static void register(Path folder) throws IOException {
        Path services = Files.createDirectories(folder.resolve("META-INF/services"));
        for (Class<?> factory : FACTORIES) {
            Files.writeString(services.resolve(factory.getInterfaces()[0].getName()), factory.getName());
        }
    }

    /** Found by name. */
    public static final class Chat implements MlflowGatewayChatModelBuilderFactory {
        @Override
        public MlflowGatewayChatModelBuilder get() {
            return new MlflowGatewayChatModelBuilder() {};
        }
    }

    /** Found by name. */
    public static final class StreamingChat implements MlflowGatewayStreamingChatModelBuilderFactory {
        @Override
        public MlflowGatewayStreamingChatModelBuilder get() {
            return new MlflowGatewayStreamingChatModelBuilder() {};
        }
    }

    /** Found by name. */
    public static final class Language implements MlflowGatewayLanguageModelBuilderFactory {
        @Override
        public MlflowGatewayLanguageModelBuilder get() {
            return new MlflowGatewayLanguageModelBuilder() {};
        }
    }

    /** Found by name. */
    public static final class StreamingLanguage implements MlflowGatewayStreamingLanguageModelBuilderFactory {
        @Override
        public MlflowGatewayStreamingLanguageModelBuilder get() {
            return new MlflowGatewayStreamingLanguageModelBuilder() {};
        }
    }

    /** Found by name. */
    public static final class Embedding implements MlflowGatewayEmbeddingModelBuilderFactory {
        @Override
        public MlflowGatewayEmbeddingModelBuilder get() {
            return new MlflowGatewayEmbeddingModelBuilder() {};
        }
    }

    /** Found by name. */
    public static final class Catalog implements MlflowGatewayModelCatalogBuilderFactory {
        @Override
        public MlflowGatewayModelCatalogBuilder get() {
            return new MlflowGatewayModelCatalogBuilder() {};
        }
    }
}
