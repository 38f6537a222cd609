package io.mlflowgateway.server.provider.parameter;

import io.mlflowgateway.server.query.Body;
import io.mlflowgateway.server.query.Body.Kind;
import io.mlflowgateway.server.query.Body.Member;
import io.mlflowgateway.server.query.Query.TemperatureRange;
import java.util.Map;
import java.util.Set;

/** What a parameter's value asks for, as far as that matters to a provider that cannot be told of it. */
final class Said {
    private static final int LONGEST_OF_NOTHING = 64;

    private static final String NONE = "\"none\"";

    /** What chooses among tools, and what is left out with it where it chooses none. */
    static final Map<String, Set<String>> TOOLS_OF = Map.of(
            "tool_choice", Set.of("tool_choice", "tools", "parallel_tool_calls"),
            "function_call", Set.of("function_call", "functions"));

    /** Values that ask for what comes without them. White space does not count. */
    private static final Map<String, Set<String>> NOTHING = Map.ofEntries(
            Map.entry("best_of", Set.of("1")),
            Map.entry("echo", Set.of("false")),
            Map.entry("encoding_format", Set.of("\"float\"")),
            Map.entry("frequency_penalty", Set.of("0")),
            Map.entry("function_call", Set.of("\"auto\"", "\"none\"")),
            Map.entry("functions", Set.of("[]")),
            Map.entry("logit_bias", Set.of("{}")),
            Map.entry("logprobs", Set.of("false")),
            Map.entry("metadata", Set.of("{}")),
            Map.entry("modalities", Set.of("[\"text\"]")),
            Map.entry("n", Set.of("1")),
            Map.entry("parallel_tool_calls", Set.of("true")),
            Map.entry("presence_penalty", Set.of("0")),
            Map.entry("reasoning_effort", Set.of(NONE)),
            Map.entry("response_format", Set.of("{\"type\":\"text\"}")),
            Map.entry("service_tier", Set.of("\"auto\"")),
            Map.entry("stop", Set.of("[]", "\"\"")),
            Map.entry("store", Set.of("false")),
            Map.entry("stream_options", Set.of("{}", "{\"include_usage\":false}")),
            Map.entry("suffix", Set.of("\"\"")),
            Map.entry("tool_choice", Set.of("\"auto\"", "\"none\"")),
            Map.entry("tools", Set.of("[]")),
            Map.entry("top_logprobs", Set.of("0")),
            Map.entry("top_p", Set.of("1")),
            Map.entry("user", Set.of("\"\"")));

    /** MLflow 2.5 to 2.8 say 0 where the caller says nothing; OpenAI and later ones 1. */
    private static final Map<TemperatureRange, Set<String>> USUAL_TEMPERATURE =
            Map.of(TemperatureRange.ZERO_TO_ONE, Set.of("0"), TemperatureRange.ZERO_TO_TWO, Set.of("1"));

    /** Without these the answer is one to another question. */
    private static final Set<String> MEANING =
            Set.of("function_call", "functions", "n", "response_format", "tool_choice", "tools");

    private Said() {}

    /** Whether the answer is the same without it: a null, or what holds unless said otherwise. */
    static boolean nothing(Body body, Member member, TemperatureRange range) {
        if (member.kind() == Kind.NULL) {
            return true;
        }
        Set<String> nothing = member.name().equals("temperature")
                ? USUAL_TEMPERATURE.getOrDefault(range, Set.of())
                : NOTHING.getOrDefault(member.name(), Set.of());
        if (nothing.isEmpty() || member.end() - member.start() > LONGEST_OF_NOTHING) {
            return false;
        }
        String value = body.raw(member);
        return switch (member.kind()) {
            case NUMBER -> nothing.stream().anyMatch(number -> isNumber(number) && same(number, value));
            case OBJECT, ARRAY -> nothing.contains(value.replaceAll("\\s", ""));
            default -> nothing.contains(value);
        };
    }

    /** Whether one of these is there, and is neither null nor {@code "none"}. */
    static boolean anyOf(Body body, Set<String> names) {
        return names.stream().anyMatch(name -> isThere(body, name));
    }

    private static boolean isThere(Body body, String name) {
        return body.member(name)
                .filter(member -> member.kind() != Kind.NULL)
                .filter(member -> !body.raw(member).equals(NONE))
                .isPresent();
    }

    /** Whether it says {@code "none"}. */
    static boolean none(Body body, String name) {
        return body.member(name).filter(member -> body.raw(member).equals(NONE)).isPresent();
    }

    /** Whether a call may not go on without it, where it asks for something. */
    static boolean changesMeaning(String name) {
        return MEANING.contains(name);
    }

    private static boolean isNumber(String text) {
        return Character.isDigit(text.charAt(0));
    }

    private static boolean same(String number, String value) {
        return Double.compare(Double.parseDouble(number), Double.parseDouble(value)) == 0;
    }
}
