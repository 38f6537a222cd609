package io.mlflowgateway.server.provider.chat;

import java.util.Locale;

/** Why a choice ended, in OpenAI's words. */
public enum Finish {
    STOP,
    LENGTH,
    TOOL_CALLS,
    CONTENT_FILTER;

    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
