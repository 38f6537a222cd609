package io.mlflowgateway.server.provider;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What is known of Anthropic's models by their names: {@code claude-3-5-sonnet-20241022}, {@code claude-opus-4-7},
 * {@code claude-sonnet-5}, and the same behind a prefix ({@code us.anthropic.claude-...}). A model without a number that
 * can be read counts as a new one.
 */
final class AnthropicModels {
    private static final Pattern VERSION = Pattern.compile("claude-(?:[a-z]+-)?(\\d{1,2})(?:[-.](\\d{1,2}))?(?![0-9])");
    private static final int NEW = 99_99;

    private AnthropicModels() {}

    /** Written by a model at most when the caller names no limit; above what old models take they refuse the call. */
    static int defaultMaxTokens(String model) {
        return version(model) < 3_05 ? 4_096 : 8_192;
    }

    /** Models from Opus 4.7 on refuse temperature, top_p and top_k. */
    static boolean takesSampling(String model) {
        return version(model) < 4_07;
    }

    /** Models from 4.1 on refuse temperature beside top_p. */
    static boolean takesTemperatureBesideTopP(String model) {
        return version(model) < 4_01;
    }

    /** Models from 4.6 on decide themselves how long they think; older ones are given a number of tokens. */
    static boolean thinksAdaptively(String model) {
        return version(model) >= 4_06;
    }

    private static int version(String model) {
        Matcher found = VERSION.matcher(model);
        if (!found.find()) {
            return NEW;
        }
        int minor = found.group(2) == null ? 0 : Integer.parseInt(found.group(2));
        return Integer.parseInt(found.group(1)) * 100 + minor;
    }
}
