package io.mlflowgateway.langchain4j.internal;

import java.util.List;

/**
 * Vectors for texts.
 *
 * @param vectors one for each text, in the order of the texts
 * @param usage tokens
 */
public record EmbeddingsAnswer(List<float[]> vectors, UsageCounts usage) {}
