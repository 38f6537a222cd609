package io.mlflowgateway.server.config;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;

/** The part of {@link PublicConfig} that is about several targets, and what is done when one fails. */
final class PublicRouting {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private PublicRouting() {}

    static ObjectNode target(RouteConfig.Target target, ObjectNode model) {
        ObjectNode shown = NODES.objectNode().put("name", target.name()).put("weight", target.weight());
        shown.set("model", model);
        target.price().ifPresent(price -> put(shown.putObject("price"), price));
        return shown;
    }

    private static void put(ObjectNode shown, RouteConfig.Price price) {
        price.usdPerMillion().forEach((each, usd) -> shown.put(each.word(), usd));
    }

    /** As a file would say it, with all values in one spelling. */
    static ObjectNode of(Routing routing) {
        ObjectNode shown = NODES.objectNode().put("balance", routing.balance().word());
        routing.stickyBy().ifPresent(key -> shown.put("sticky-by", key.place().word() + " " + key.name()));
        shown.put("fallback", routing.fallback());
        Routing.Retries retries = routing.retries();
        if (retries.attempts() > 0) {
            shown.putObject("retries")
                    .put("attempts", retries.attempts())
                    .put("backoff", text(retries.backoff()))
                    .put("max-backoff", text(retries.maxBackoff()))
                    .put("budget", retries.budgetPercent());
        }
        routing.breaker().ifPresent(breaker -> put(shown.putObject("breaker"), breaker));
        routing.hedge().ifPresent(hedge -> put(shown.putObject("hedge"), hedge));
        return shown;
    }

    private static void put(ObjectNode shown, Routing.Breaker breaker) {
        shown.put("failures", breaker.failures())
                .put("within", text(breaker.within()))
                .put("cooldown", text(breaker.cooldown()));
    }

    private static void put(ObjectNode shown, Routing.Hedge hedge) {
        shown.put("budget", hedge.budgetPercent())
                .put("after", "p" + hedge.afterPercentile())
                .put("at-least", text(hedge.atLeast()));
    }

    private static String text(Duration time) {
        return Amount.ofMillis(time.toMillis());
    }
}
