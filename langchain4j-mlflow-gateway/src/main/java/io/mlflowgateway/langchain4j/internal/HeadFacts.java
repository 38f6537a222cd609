package io.mlflowgateway.langchain4j.internal;

import java.math.BigDecimal;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the head of an answer tells of the call. Names that gateways use for the same thing are tried one after the other:
 * this project's gateway's, MLflow's, Databricks', and those that OpenAI-like servers have in common.
 */
public final class HeadFacts {

    private static final Pattern COUNT = Pattern.compile("[0-9]{1,18}");
    /** As nanoseconds no more than a long holds. */
    private static final Pattern DECIMAL = Pattern.compile("[0-9]{1,12}(?:\\.[0-9]{1,9})?");

    private static final Pattern AMOUNT = Pattern.compile("[0-9]{1,18}(?:\\.[0-9]{1,30})?");

    private static final Pattern TRACEPARENT = Pattern.compile("[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}");

    private final ResponseHead head;

    /**
     * Of one answer.
     *
     * @param head of it
     */
    public HeadFacts(ResponseHead head) {
        this.head = head;
    }

    /** {@return the route that answered} */
    public Optional<String> route() {
        return text("X-Gateway-Route");
    }

    /** {@return the provider that was asked last} */
    public Optional<String> provider() {
        return text("X-Gateway-Provider").map(HeadFacts::decoded);
    }

    /** {@return the model that was asked last, as configured; {@code Served-Model-Name} is Databricks'} */
    public Optional<String> servedModel() {
        return text("X-Gateway-Served-Model").map(HeadFacts::decoded).or(() -> text("Served-Model-Name"));
    }

    /** {@return the gateway's id of the exchange} */
    public Optional<String> requestId() {
        return head.requestId().or(() -> text("X-Databricks-Request-Id"));
    }

    /** {@return the id of the call's trace; from W3C's {@code traceparent}, as MLflow writes it} */
    public Optional<String> traceId() {
        return text("X-MLflow-Trace-Id")
                .or(() -> text("traceparent")
                        .map(TRACEPARENT::matcher)
                        .filter(Matcher::matches)
                        .map(parent -> "tr-" + parent.group(1)));
    }

    /** {@return how many targets the gateway asked} */
    public Optional<Integer> attempts() {
        return count("X-Gateway-Attempts").filter(number -> number < 1_000_000).map(Long::intValue);
    }

    /** {@return what the call cost in US dollars, where the answer was whole} */
    public Optional<BigDecimal> costUsd() {
        return text("X-Gateway-Cost-Usd").filter(AMOUNT.asMatchPredicate()).map(BigDecimal::new);
    }

    /** {@return whether the answer came out of a cache} */
    public Optional<Boolean> cached() {
        return text("X-Gateway-Cached")
                .map(word -> word.toLowerCase(Locale.ROOT))
                .filter(word -> word.equals("true") || word.equals("false"))
                .map(Boolean::valueOf);
    }

    /** {@return how long the gateway had the call} */
    public Optional<Duration> duration() {
        return millis("X-MLflow-Gateway-Duration-Ms");
    }

    /** {@return the part of it that was the gateway's own} */
    public Optional<Duration> overhead() {
        return millis("X-MLflow-Gateway-Overhead-Duration-Ms");
    }

    /**
     * The size of a limit.
     *
     * @param unit {@code Requests} or {@code Tokens}
     * @return how many may pass in a period
     */
    public Optional<Long> limit(String unit) {
        return counted("Limit", unit);
    }

    /**
     * What is left of a limit.
     *
     * @param unit {@code Requests} or {@code Tokens}
     * @return how many may still pass
     */
    public Optional<Long> remaining(String unit) {
        return counted("Remaining", unit);
    }

    /**
     * When a limit begins anew.
     *
     * @param unit {@code Requests} or {@code Tokens}
     * @return how long until then
     */
    public Optional<Duration> reset(String unit) {
        return text("X-RateLimit-Reset-" + unit).flatMap(GoDuration::of);
    }

    private Optional<Long> counted(String what, String unit) {
        return count("X-RateLimit-" + what + "-" + unit);
    }

    private Optional<Long> count(String name) {
        return text(name).filter(COUNT.asMatchPredicate()).map(Long::valueOf);
    }

    private Optional<Duration> millis(String name) {
        return text(name).filter(DECIMAL.asMatchPredicate()).map(HeadFacts::ofMillis);
    }

    private static Duration ofMillis(String text) {
        return Duration.ofNanos(new BigDecimal(text).movePointRight(6).longValue());
    }

    private Optional<String> text(String name) {
        return head.header(name).map(String::strip).filter(words -> !words.isEmpty());
    }

    private static String decoded(String text) {
        try {
            return text.indexOf('%') < 0 ? text : URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException notEncoded) {
            return text;
        }
    }
}
