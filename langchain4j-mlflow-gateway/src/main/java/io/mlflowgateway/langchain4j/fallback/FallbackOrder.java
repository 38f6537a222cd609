package io.mlflowgateway.langchain4j.fallback;

/** Which member is tried first. */
public enum FallbackOrder {
    /** Always the first that is not resting: the others are there for when it fails. */
    IN_ORDER,

    /** In turns, those with more weight more often: a pool. When one fails the others are tried in the same call. */
    ROUND_ROBIN
}
