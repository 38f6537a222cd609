package io.mlflowgateway.langchain4j.kit;

import java.util.List;

/** The suites of the kit, in the order of the table. */
record Suite(Class<?> ours) {

    static final List<Suite> ALL = List.of(
            new Suite(ChatModelKitIT.class),
            new Suite(StreamingChatModelKitIT.class),
            new Suite(ChatModelListenerKitIT.class),
            new Suite(StreamingChatModelListenerKitIT.class),
            new Suite(EmbeddingModelKitIT.class),
            new Suite(ModelCatalogKitIT.class),
            new Suite(AiServiceKitIT.class),
            new Suite(StreamingAiServiceKitIT.class),
            new Suite(AiServiceWithToolsKitIT.class),
            new Suite(AiServiceWithJsonSchemaKitIT.class));

    /** {@return the simple name of LangChain4j's class} */
    String kitName() {
        return ours.getSuperclass().getSimpleName();
    }

    String ourName() {
        return ours.getSimpleName();
    }
}
