package io.mlflowgateway.langchain4j.fallback;

import org.jspecify.annotations.Nullable;

/**
 * One of several models, and how it fares. Its mutable parts are {@link Members}' to guard.
 *
 * @param <M> the kind of model
 */
final class Member<M> {

    private final String name;
    private final M model;
    private final int weight;
    private long turns;
    private @Nullable Rest rest;

    Member(String name, M model, int weight) {
        if (weight < 1) {
            throw new IllegalArgumentException("the weight of " + name + " must be at least 1, but is " + weight);
        }
        this.name = name;
        this.model = model;
        this.weight = weight;
    }

    String name() {
        return name;
    }

    M model() {
        return model;
    }

    int weight() {
        return weight;
    }

    /** How far its turn has come, for the smooth round robin. */
    long turns() {
        return turns;
    }

    void turn(long by) {
        turns += by;
    }

    @Nullable
    Rest rest() {
        return rest;
    }

    void rest(@Nullable Rest given) {
        rest = given;
    }

    /**
     * A time in which a member is left alone.
     *
     * @param endNanos by the clock of {@link Members}
     * @param asked whether its server asked for it, so that it is not called at all
     * @param failure what it failed with
     */
    record Rest(long endNanos, boolean asked, Throwable failure) {}
}
