package io.mlflowgateway.langchain4j.fallback;

/**
 * A member that did not answer.
 *
 * @param member its name
 * @param failure what it failed with
 */
public record FailedTry(String member, Throwable failure) {
    /** The kind of failure only: its message may be long. */
    @Override
    public String toString() {
        return member + ": " + failure.getClass().getSimpleName();
    }
}
