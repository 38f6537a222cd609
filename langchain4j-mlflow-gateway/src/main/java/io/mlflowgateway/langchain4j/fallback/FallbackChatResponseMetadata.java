package io.mlflowgateway.langchain4j.fallback;

import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.ChatResponseMetadata;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Who of several models answered, and who did not. */
public class FallbackChatResponseMetadata extends ChatResponseMetadata {

    private final @Nullable String answeredBy;
    private final List<FailedTry> failedTries;
    private final @Nullable ChatResponseMetadata original;

    private FallbackChatResponseMetadata(Builder builder) {
        super(builder);
        this.answeredBy = builder.answeredBy;
        this.failedTries = List.copyOf(builder.failedTries);
        this.original = builder.original;
    }

    /** {@return an empty builder} */
    public static Builder builder() {
        return new Builder();
    }

    /** {@return the name of the member that answered} */
    public @Nullable String answeredBy() {
        return answeredBy;
    }

    /** {@return the members tried before it, in order; empty if the first one answered} */
    public List<FailedTry> failedTries() {
        return failedTries;
    }

    /** {@return the metadata as the member gave them, in its own type} */
    public @Nullable ChatResponseMetadata original() {
        return original;
    }

    /** The same answer, telling who gave it. */
    static ChatResponse on(ChatResponse response, Tries<?> tries) {
        ChatResponseMetadata given = response.metadata();
        Builder builder = builder();
        if (given != null) {
            builder.id(given.id())
                    .modelName(given.modelName())
                    .tokenUsage(given.tokenUsage())
                    .finishReason(given.finishReason());
        }
        return response.toBuilder()
                .metadata(builder.answeredBy(tries.answeredBy())
                        .failedTries(tries.failed())
                        .original(given)
                        .build())
                .build();
    }

    @Override
    public Builder toBuilder() {
        Builder builder = builder();
        toBuilder(builder);
        return builder.answeredBy(answeredBy).failedTries(failedTries).original(original);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return super.equals(other)
                && other instanceof FallbackChatResponseMetadata that
                && Objects.equals(answeredBy, that.answeredBy)
                && failedTries.equals(that.failedTries)
                && Objects.equals(original, that.original);
    }

    @Override
    public int hashCode() {
        return Objects.hash(super.hashCode(), answeredBy, failedTries, original);
    }

    @Override
    public String toString() {
        return "FallbackChatResponseMetadata{answeredBy=" + answeredBy
                + ", failedTries=" + failedTries
                + ", original=" + original
                + '}';
    }

    /** Gathers metadata. */
    public static class Builder extends ChatResponseMetadata.Builder<Builder> {

        private @Nullable String answeredBy;
        private List<FailedTry> failedTries = List.of();
        private @Nullable ChatResponseMetadata original;

        /** Use {@link FallbackChatResponseMetadata#builder()}; public so that it can be extended. */
        public Builder() {}

        /**
         * Who answered.
         *
         * @param answeredBy the member's name
         * @return this builder
         */
        public Builder answeredBy(@Nullable String answeredBy) {
            this.answeredBy = answeredBy;
            return this;
        }

        /**
         * Who did not.
         *
         * @param failedTries in order; copied
         * @return this builder
         */
        public Builder failedTries(@Nullable List<FailedTry> failedTries) {
            this.failedTries = failedTries == null ? List.of() : failedTries;
            return this;
        }

        /**
         * What the member said.
         *
         * @param original in its own type
         * @return this builder
         */
        public Builder original(@Nullable ChatResponseMetadata original) {
            this.original = original;
            return this;
        }

        @Override
        public FallbackChatResponseMetadata build() {
            return new FallbackChatResponseMetadata(this);
        }
    }
}
