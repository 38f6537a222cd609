package io.mlflowgateway.langchain4j.internal;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Vectors for texts.
 *
 * @param vectors one for each text, in the order of the texts
 * @param usage tokens
 * @param model that answered; null if not told
 * @param head of the answer
 */
public record EmbeddingsAnswer(
        List<float[]> vectors, UsageCounts usage, @Nullable String model, ResponseHead head) {}
