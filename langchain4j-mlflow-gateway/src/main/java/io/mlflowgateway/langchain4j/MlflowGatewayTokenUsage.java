package io.mlflowgateway.langchain4j;

import dev.langchain4j.model.output.TokenUsage;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Tokens of a call, with what OpenAI-like providers tell about them. Counts are null where the server tells none. */
public class MlflowGatewayTokenUsage extends TokenUsage {

    private final @Nullable Integer cachedTokens;
    private final @Nullable Integer reasoningTokens;

    /**
     * Tokens of one or more calls.
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
        super(inputTokens, outputTokens, totalTokens == null ? sum(inputTokens, outputTokens) : totalTokens);
        this.cachedTokens = cachedTokens;
        this.reasoningTokens = reasoningTokens;
    }

    /** {@return the part of the input tokens the provider had cached} */
    public @Nullable Integer cachedTokens() {
        return cachedTokens;
    }

    /** {@return the part of the output tokens that was thinking} */
    public @Nullable Integer reasoningTokens() {
        return reasoningTokens;
    }

    @Override
    public MlflowGatewayTokenUsage add(@Nullable TokenUsage that) {
        if (that == null) {
            return this;
        }
        MlflowGatewayTokenUsage ours = that instanceof MlflowGatewayTokenUsage usage ? usage : null;
        return new MlflowGatewayTokenUsage(
                sum(inputTokenCount(), that.inputTokenCount()),
                sum(outputTokenCount(), that.outputTokenCount()),
                sum(totalTokenCount(), that.totalTokenCount()),
                ours == null ? cachedTokens : sum(cachedTokens, ours.cachedTokens),
                ours == null ? reasoningTokens : sum(reasoningTokens, ours.reasoningTokens));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return super.equals(other)
                && other instanceof MlflowGatewayTokenUsage that
                && Objects.equals(cachedTokens, that.cachedTokens)
                && Objects.equals(reasoningTokens, that.reasoningTokens);
    }

    @Override
    public int hashCode() {
        return Objects.hash(super.hashCode(), cachedTokens, reasoningTokens);
    }

    @Override
    public String toString() {
        return "MlflowGatewayTokenUsage{inputTokens=" + inputTokenCount()
                + ", outputTokens=" + outputTokenCount()
                + ", totalTokens=" + totalTokenCount()
                + ", cachedTokens=" + cachedTokens
                + ", reasoningTokens=" + reasoningTokens
                + '}';
    }
}
