package io.mlflowgateway.langchain4j.internal;

import dev.langchain4j.model.output.FinishReason;
import org.jspecify.annotations.Nullable;

/**
 * A whole answer of a completions route.
 *
 * @param text what the model wrote; may be empty
 * @param finish why it stopped; null if not told
 * @param usage tokens
 */
public record CompletionAnswer(String text, @Nullable FinishReason finish, UsageCounts usage) {}
