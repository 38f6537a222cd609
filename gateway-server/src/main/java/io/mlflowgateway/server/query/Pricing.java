package io.mlflowgateway.server.query;

import java.util.Optional;

/**
 * What is known of a target's price when its route is made.
 *
 * @param price by which its calls are reckoned; empty where they are not
 * @param known whether the price is the model's own, and not one that stands in for it
 * @param allowed whether it may be called
 */
public record Pricing(Optional<Price> price, boolean known, boolean allowed) {
    /** No price, and calls go on as if they cost nothing. */
    public static final Pricing UNKNOWN = new Pricing(Optional.empty(), false, true);

    /** No price, and no calls for it. */
    public static final Pricing REFUSED = new Pricing(Optional.empty(), false, false);

    /** The model's own price. */
    public static Pricing of(Price price) {
        return new Pricing(Optional.of(price), true, true);
    }

    /** A price that stands in for one that nobody knows. */
    public static Pricing assumed(Price price) {
        return new Pricing(Optional.of(price), false, true);
    }
}
