package io.mlflowgateway.server.provider;

import java.util.Map;
import java.util.Set;

/** OpenAI's words for why an answer ended, and other providers' words for the same. */
final class FinishReasons {
    private static final Set<String> OPENAI = Set.of("stop", "length", "tool_calls", "content_filter", "function_call");

    private static final Map<String, String> OTHERS = Map.of(
            "eos", "stop",
            "eos_token", "stop",
            "stop_sequence", "stop",
            "model_length", "length",
            "max_tokens", "length");

    private FinishReasons() {}

    /** Whether it is one of OpenAI's; "" is what some servers write where OpenAI writes null. */
    static boolean isOpenAis(String reason) {
        return reason.isEmpty() || OPENAI.contains(reason);
    }

    /** Whether it is a word for one of these. */
    static boolean isKnown(String reason) {
        return isOpenAis(reason) || OTHERS.containsKey(reason);
    }

    /** Whether it says that there is no answer. */
    static boolean isError(String reason) {
        return reason.equals("error");
    }

    /** The same in OpenAI's words; {@code stop} for what nobody knows. */
    static String openAis(String reason) {
        return isOpenAis(reason) ? reason : OTHERS.getOrDefault(reason, "stop");
    }
}
