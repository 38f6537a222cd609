package io.mlflowgateway.server.provider.chat;

import java.util.Locale;

/** Why a choice ended, in OpenAI's words. */
public enum Finish {
    STOP,
    LENGTH,
    TOOL_CALLS,
    CONTENT_FILTER,
    /** The provider gives a reason that nobody knows: the answer ended somehow. */
    UNKNOWN;

    /** @param hasToolCalls whether the choice has any: what nobody knows must not keep the caller from running them */
    public String wireName(boolean hasToolCalls) {
        Finish known = this != UNKNOWN ? this : hasToolCalls ? TOOL_CALLS : STOP;
        return known.name().toLowerCase(Locale.ROOT);
    }
}
