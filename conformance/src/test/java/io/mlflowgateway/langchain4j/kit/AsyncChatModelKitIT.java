package io.mlflowgateway.langchain4j.kit;

/** What {@link ChatModelKitIT} asks, and {@code chatAsync}. */
@Kit
class AsyncChatModelKitIT extends ChatModelKitIT {

    AsyncChatModelKitIT(KitGateway gateway) {
        super(gateway);
    }

    @Override
    protected boolean supportsChatAsync() {
        return true;
    }
}
