package io.mlflowgateway.langchain4j;

import dev.langchain4j.model.output.TokenUsage;
import java.math.BigDecimal;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Tokens of a call, with what OpenAI-like providers tell about them, and their cost. Counts are null where the server
 * tells none.
 */
public class MlflowGatewayTokenUsage extends TokenUsage {

    private final @Nullable Integer cachedTokens;
    private final @Nullable Integer reasoningTokens;
    private final Map<String, BigDecimal> costs;

    /**
     * Tokens of one or more calls, of unknown cost.
     *
     * @param inputTokens of the request
     * @param outputTokens of the answer
     * @param totalTokens null for the sum of the two
     * @param cachedTokens the part of the input the provider had cached
     * @param reasoningTokens the part of the output that was thinking
     */
    public MlflowGatewayTokenUsage(
            @Nullable Integer inputTokens,
            @Nullable Integer outputTokens,
            @Nullable Integer totalTokens,
            @Nullable Integer cachedTokens,
            @Nullable Integer reasoningTokens) {
        this(builder()
                .inputTokenCount(inputTokens)
                .outputTokenCount(outputTokens)
                .totalTokenCount(totalTokens)
                .cachedTokens(cachedTokens)
                .reasoningTokens(reasoningTokens));
    }

    private MlflowGatewayTokenUsage(Builder builder) {
        super(
                builder.inputTokenCount,
                builder.outputTokenCount,
                builder.totalTokenCount == null
                        ? plus(builder.inputTokenCount, builder.outputTokenCount)
                        : builder.totalTokenCount);
        this.cachedTokens = builder.cachedTokens;
        this.reasoningTokens = builder.reasoningTokens;
        this.costs = Collections.unmodifiableMap(new TreeMap<>(builder.costs));
    }

    /** {@return an empty builder} */
    public static Builder builder() {
        return new Builder();
    }

    /** {@return the part of the input tokens the provider had cached} */
    public @Nullable Integer cachedTokens() {
        return cachedTokens;
    }

    /** {@return the part of the output tokens that was thinking} */
    public @Nullable Integer reasoningTokens() {
        return reasoningTokens;
    }

    /**
     * The cost of all calls that told one.
     *
     * @return the cost; null where none was told, and where calls were paid for in several currencies, which have no sum:
     *     {@link #costs()} tells each
     */
    public @Nullable MlflowGatewayCost cost() {
        List<MlflowGatewayCost> all = costs();
        return all.size() == 1 ? all.get(0) : null;
    }

    /** {@return the cost in each currency, in the order of their codes; empty where none was told} */
    public List<MlflowGatewayCost> costs() {
        return costs.entrySet().stream()
                .map(cost -> new MlflowGatewayCost(cost.getValue(), cost.getKey()))
                .toList();
    }

    @Override
    public MlflowGatewayTokenUsage add(@Nullable TokenUsage that) {
        if (that == null) {
            return this;
        }
        Builder sum = toBuilder()
                .inputTokenCount(plus(inputTokenCount(), that.inputTokenCount()))
                .outputTokenCount(plus(outputTokenCount(), that.outputTokenCount()))
                .totalTokenCount(plus(totalTokenCount(), that.totalTokenCount()));
        if (that instanceof MlflowGatewayTokenUsage ours) {
            sum.cachedTokens(plus(cachedTokens, ours.cachedTokens));
            sum.reasoningTokens(plus(reasoningTokens, ours.reasoningTokens));
            ours.costs().forEach(sum::addCost);
        }
        return sum.build();
    }

    /** As LangChain4j's own {@code sum}, but no sum of many becomes less than its parts. */
    private static @Nullable Integer plus(@Nullable Integer one, @Nullable Integer other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return (int) Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, (long) one + other));
    }

    /** {@return a builder with all of this} */
    public Builder toBuilder() {
        Builder builder = builder()
                .inputTokenCount(inputTokenCount())
                .outputTokenCount(outputTokenCount())
                .totalTokenCount(totalTokenCount())
                .cachedTokens(cachedTokens)
                .reasoningTokens(reasoningTokens);
        costs().forEach(builder::addCost);
        return builder;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return super.equals(other)
                && other instanceof MlflowGatewayTokenUsage that
                && Objects.equals(cachedTokens, that.cachedTokens)
                && Objects.equals(reasoningTokens, that.reasoningTokens)
                && costs.equals(that.costs);
    }

    @Override
    public int hashCode() {
        return Objects.hash(super.hashCode(), cachedTokens, reasoningTokens, costs);
    }

    @Override
    public String toString() {
        return "MlflowGatewayTokenUsage{inputTokens=" + inputTokenCount()
                + ", outputTokens=" + outputTokenCount()
                + ", totalTokens=" + totalTokenCount()
                + ", cachedTokens=" + cachedTokens
                + ", reasoningTokens=" + reasoningTokens
                + ", costs=" + costs()
                + '}';
    }

    /** Gathers counts; every setter accepts null for "not told". */
    public static class Builder {

        private @Nullable Integer inputTokenCount;
        private @Nullable Integer outputTokenCount;
        private @Nullable Integer totalTokenCount;
        private @Nullable Integer cachedTokens;
        private @Nullable Integer reasoningTokens;
        private final Map<String, BigDecimal> costs = new TreeMap<>();

        /** Use {@link MlflowGatewayTokenUsage#builder()}; public so that it can be extended. */
        public Builder() {}

        /**
         * Tokens of the request.
         *
         * @param inputTokenCount zero or more
         * @return this builder
         */
        public Builder inputTokenCount(@Nullable Integer inputTokenCount) {
            this.inputTokenCount = inputTokenCount;
            return this;
        }

        /**
         * Tokens of the answer.
         *
         * @param outputTokenCount zero or more
         * @return this builder
         */
        public Builder outputTokenCount(@Nullable Integer outputTokenCount) {
            this.outputTokenCount = outputTokenCount;
            return this;
        }

        /**
         * Tokens of both.
         *
         * @param totalTokenCount null for the sum of the two
         * @return this builder
         */
        public Builder totalTokenCount(@Nullable Integer totalTokenCount) {
            this.totalTokenCount = totalTokenCount;
            return this;
        }

        /**
         * The part of the input the provider had cached.
         *
         * @param cachedTokens at most the input tokens
         * @return this builder
         */
        public Builder cachedTokens(@Nullable Integer cachedTokens) {
            this.cachedTokens = cachedTokens;
            return this;
        }

        /**
         * The part of the output that was thinking.
         *
         * @param reasoningTokens at most the output tokens
         * @return this builder
         */
        public Builder reasoningTokens(@Nullable Integer reasoningTokens) {
            this.reasoningTokens = reasoningTokens;
            return this;
        }

        /**
         * What it cost, instead of what was set or added before.
         *
         * @param cost null for unknown
         * @return this builder
         */
        public Builder cost(@Nullable MlflowGatewayCost cost) {
            costs.clear();
            return cost == null ? this : addCost(cost);
        }

        /**
         * What more it cost. Another currency is kept beside those that are there.
         *
         * @param cost added
         * @return this builder
         */
        public Builder addCost(MlflowGatewayCost cost) {
            BigDecimal known = costs.getOrDefault(cost.currency(), BigDecimal.ZERO);
            MlflowGatewayCost sum = new MlflowGatewayCost(known.add(cost.amount()), cost.currency());
            costs.put(sum.currency(), sum.amount());
            return this;
        }

        /** {@return what was gathered} */
        public MlflowGatewayTokenUsage build() {
            return new MlflowGatewayTokenUsage(this);
        }
    }
}
