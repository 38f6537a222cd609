package io.mlflowgateway.server.config;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mlflowgateway.server.query.TokenClass;
import java.time.Duration;

/** The part of the schema that is about several targets, and what is done when one fails. */
final class RoutingSchema {
    private static final String TIME = "^[0-9]+(\\.[0-9]+)? ?([mM]?[sS]|[mM]|[hH])$";

    private RoutingSchema() {}

    /** The schema of {@code targets:}. */
    static ObjectNode targets() {
        ObjectNode target = ConfigSchema.object();
        ObjectNode properties = ConfigSchema.mapping(target);
        properties.set("name", ConfigSchema.ref("name"));
        count(properties.putObject("weight"), 0, TargetsReader.MOST_WEIGHT)
                .put("default", 1)
                .put("description", "Its share of the calls; 0, with fallback only: asked when others fail.");
        properties.set("model", ConfigSchema.ref("model"));
        properties.set(TargetsReader.PRICE, ConfigSchema.ref(TargetsReader.PRICE));
        target.putArray("required").add("model");
        ObjectNode targets = ConfigSchema.object().put("type", "array").put("description", "In place of model.");
        targets.put("minItems", 1).put("maxItems", TargetsReader.MOST);
        return targets.set("items", target);
    }

    /** The schema of {@code price:}. */
    static ObjectNode price() {
        ObjectNode price = ConfigSchema.object().put("description", "USD for a million tokens.");
        ObjectNode properties = ConfigSchema.mapping(price);
        TokenClass.words()
                .forEach(
                        word -> properties.putObject(word).put("type", "number").put("minimum", 0));
        price.putArray("required").add("input").add("output");
        return price;
    }

    /** The schema of {@code prices:}. */
    static ObjectNode prices() {
        ObjectNode prices = ConfigSchema.object().put("description", "By model, or provider/model.");
        prices.set("additionalProperties", ConfigSchema.ref(TargetsReader.PRICE));
        return ConfigSchema.nullable(prices);
    }

    /** The schema of {@code unknown_price:}. */
    static ObjectNode unknownPrice() {
        return ConfigSchema.oneOf(UnknownPrice.words())
                .put("default", UnknownPrice.ZERO.word())
                .put("description", "What is done with calls of a model whose price nobody knows.");
    }

    /** The schema of {@code routing:}. */
    static ObjectNode routing() {
        ObjectNode routing = ConfigSchema.object();
        ObjectNode properties = ConfigSchema.mapping(routing);
        properties.set(
                "balance",
                ConfigSchema.oneOf(Routing.Balance.words())
                        .put("default", Routing.PLAIN.balance().word())
                        .put("description", "In which order targets are asked."));
        properties
                .putObject("sticky-by")
                .put("type", "string")
                .put("pattern", "^(" + RoutingReader.STICKY + ")$")
                .put("description", "What keeps calls at one target: header x-session-id, or body user.");
        properties
                .putObject("fallback")
                .put("type", "boolean")
                .put("description", "Whether another target is asked when one has failed.");
        properties.set("retries", retries());
        properties.set("breaker", breaker());
        properties.set("hedge", hedge());
        return ConfigSchema.nullable(routing);
    }

    private static ObjectNode retries() {
        Routing.Retries standard = Routing.Retries.NONE;
        ObjectNode retries = ConfigSchema.object().put("description", "How often one target is asked again.");
        ObjectNode properties = ConfigSchema.mapping(retries);
        count(properties.putObject("attempts"), 0, RoutingReader.MOST_ATTEMPTS)
                .put("default", RoutingReader.ATTEMPTS)
                .put("description", "Further ones of one call, over all targets together.");
        time(properties, "backoff", standard.backoff(), "Before the first of them; doubled each time.");
        time(properties, "max-backoff", standard.maxBackoff(), "The longest that is waited.");
        count(properties.putObject("budget"), 1, RoutingReader.MOST_BUDGET)
                .put("default", standard.budgetPercent())
                .put("description", "Percent of the route's calls.");
        return ConfigSchema.nullable(retries);
    }

    private static ObjectNode breaker() {
        Routing.Breaker standard = RoutingReader.BREAKER;
        ObjectNode breaker = ConfigSchema.object().put("description", "When a target is left alone.");
        ObjectNode properties = ConfigSchema.mapping(breaker);
        count(properties.putObject("failures"), 1, RoutingReader.MOST_FAILURES)
                .put("default", standard.failures())
                .put("description", "That open the circuit.");
        time(properties, "within", standard.within(), "The time they come in.");
        time(properties, "cooldown", standard.cooldown(), "Until one call may try again.");
        return ConfigSchema.nullable(breaker);
    }

    private static ObjectNode hedge() {
        Routing.Hedge standard = RoutingReader.HEDGE;
        ObjectNode hedge = ConfigSchema.object().put("description", "When a second target is asked beside the first.");
        ObjectNode properties = ConfigSchema.mapping(hedge);
        count(properties.putObject("budget"), 1, 100)
                .put("default", standard.budgetPercent())
                .put("description", "Percent of the route's calls.");
        properties
                .putObject("after")
                .put("type", "string")
                .put("pattern", "^" + RoutingReader.PERCENTILE + "$")
                .put("default", "p" + standard.afterPercentile())
                .put("description", "Of the route's own times to the first piece.");
        time(properties, "at-least", standard.atLeast(), "That is waited in any case.");
        return ConfigSchema.nullable(hedge);
    }

    private static ObjectNode count(ObjectNode schema, int least, int most) {
        return schema.put("type", "integer").put("minimum", least).put("maximum", most);
    }

    private static void time(ObjectNode properties, String key, Duration standard, String description) {
        properties
                .putObject(key)
                .put("type", "string")
                .put("pattern", TIME)
                .put("default", Amount.ofMillis(standard.toMillis()))
                .put("description", description);
    }

    /** Under {@code cheapest}, each item of the list needs a price. */
    static ObjectNode cheapestRule(String list) {
        ObjectNode rule = ConfigSchema.object();
        ObjectNode condition = rule.putObject("if");
        ObjectNode routing = condition.putObject("properties").putObject(RoutingReader.KEY);
        routing.putObject("properties").putObject("balance").put("const", Routing.Balance.CHEAPEST.word());
        routing.putArray("required").add("balance");
        routing.put("type", "object");
        condition.putArray("required").add(RoutingReader.KEY);
        ObjectNode then = rule.putObject("then");
        then.putArray("required").add(list);
        ArrayNode required =
                then.putObject("properties").putObject(list).putObject("items").putArray("required");
        required.add(TargetsReader.PRICE);
        return rule;
    }

    /** Without {@code routing}, each destination gets a share. */
    static ObjectNode spareRule() {
        ObjectNode rule = ConfigSchema.object();
        rule.putObject("if").putObject("not").putArray("required").add(RoutingReader.KEY);
        rule.putObject("then")
                .putObject("properties")
                .putObject("destinations")
                .putObject("items")
                .putObject("properties")
                .putObject("traffic_percentage")
                .put("minimum", 1);
        return rule;
    }
}
