package io.mlflowgateway.langchain4j.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Tokens as the answer tells them; null where it does not.
 *
 * @param input of the request
 * @param output of the answer
 * @param total of both
 * @param cached part of the input
 * @param reasoning part of the output
 * @param cost of the call, in {@code currency}
 * @param currency of the cost; null exactly where that is
 * @param raw everything that was told
 */
public record UsageCounts(
        @Nullable Integer input,
        @Nullable Integer output,
        @Nullable Integer total,
        @Nullable Integer cached,
        @Nullable Integer reasoning,
        @Nullable BigDecimal cost,
        @Nullable String currency,
        Map<String, Object> raw) {

    private static final String USD = "USD";

    /** Reads {@code usage} of the OpenAI shape. */
    static UsageCounts openAi(JsonNode usage) {
        BigDecimal cost = amount(usage.path("cost"));
        return new UsageCounts(
                count(usage, "prompt_tokens"),
                count(usage, "completion_tokens"),
                count(usage, "total_tokens"),
                count(usage.path("prompt_tokens_details"), "cached_tokens"),
                count(usage.path("completion_tokens_details"), "reasoning_tokens"),
                cost,
                cost == null
                        ? null
                        : Json.words(usage, "cost_currency")
                                .filter(code -> !code.isBlank())
                                .orElse(USD),
                Json.map(usage));
    }

    /** Reads {@code metadata} of the classic shape. */
    static UsageCounts classic(JsonNode metadata) {
        JsonNode counts = metadata.isObject()
                ? ((ObjectNode) metadata.deepCopy()).retain("input_tokens", "output_tokens", "total_tokens")
                : metadata;
        return new UsageCounts(
                count(metadata, "input_tokens"),
                count(metadata, "output_tokens"),
                count(metadata, "total_tokens"),
                null,
                null,
                null,
                null,
                Json.map(counts));
    }

    /**
     * With the cost of the call that the answer's head tells, where its body tells none.
     *
     * @param head of the same answer
     * @return these counts, paid for
     */
    public UsageCounts paid(HeadFacts head) {
        return head.costUsd()
                .filter(amount -> cost == null)
                .map(amount -> new UsageCounts(input, output, total, cached, reasoning, amount, USD, raw))
                .orElse(this);
    }

    /** {@return whether anything was counted} */
    public boolean told() {
        return input != null || output != null || total != null || cost != null;
    }

    private static @Nullable BigDecimal amount(JsonNode cost) {
        if (cost.isNumber()) {
            // What is too large for a double is read as infinite, which is no amount.
            return Double.isFinite(cost.doubleValue()) ? cost.decimalValue() : null;
        }
        boolean written = cost.isTextual() && cost.textValue().matches("[0-9]{1,18}(\\.[0-9]{1,30})?");
        return written ? new BigDecimal(cost.textValue()) : null;
    }

    private static @Nullable Integer count(JsonNode node, String field) {
        JsonNode value = node.path(field);
        // What is no count is not told: cut to an int it would be another number.
        return value.isNumber() && value.canConvertToInt() && value.intValue() >= 0 ? value.intValue() : null;
    }
}
