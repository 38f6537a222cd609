package io.mlflowgateway.server.config;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mlflowgateway.server.query.CallLimit;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What of a configuration anybody may see, as JSON. Never anything of a provider's settings: credentials are secret, and
 * a URL may carry an internal name. Two configurations that show the same may still differ in those.
 */
public final class PublicConfig {
    /** Stands for a value that may be a name of somebody's network. */
    private static final String HIDDEN = "(not shown)";

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private PublicConfig() {}

    /** One route: name, type, form, then model, targets or destinations, then how they are asked and what limits it. */
    public static ObjectNode route(RouteConfig route) {
        ObjectNode shown = NODES.objectNode();
        shown.put("name", route.name());
        shown.put("type", route.task().wireName());
        shown.put("form", route.split() ? "split" : route.classic() ? "route" : "endpoint");
        if (route.split()) {
            ObjectNode destinations = shown.putObject("destinations");
            route.targets().forEach(target -> destinations.put(target.name(), target.weight()));
        } else if (route.targets().size() > 1) {
            ArrayNode targets = shown.putArray("targets");
            route.targets().forEach(target -> targets.add(PublicRouting.target(target, model(target))));
        } else {
            RouteConfig.Target target = route.targets().get(0);
            shown.set("model", model(target));
        }
        if (!route.routing().isPlain()) {
            shown.set("routing", PublicRouting.of(route.routing()));
        }
        route.limit().ifPresent(limit -> shown.set("limit", limit(limit)));
        if (route.onUnsupported() != OnUnsupported.DROP) {
            shown.put(OnUnsupported.KEY, route.onUnsupported().word());
        }
        if (!route.capabilities().isEmpty()) {
            route.capabilities().forEach(shown.putArray("capabilities")::add);
        }
        if (!route.upstream().isEmpty()) {
            shown.set("own", settings(route.upstream()));
        }
        return shown;
    }

    private static ObjectNode model(RouteConfig.Target target) {
        ObjectNode model = NODES.objectNode().put("provider", target.provider());
        Optional.of(target.model()).filter(name -> !name.isEmpty()).ifPresent(name -> model.put("name", name));
        return model;
    }

    private static ObjectNode limit(CallLimit limit) {
        return NODES.objectNode().put("calls", limit.calls()).put("renewal_period", limit.periodText());
    }

    /**
     * The values of a {@code server:} block.
     *
     * @param values as in {@link GatewayConfig#server()}
     */
    public static ObjectNode server(Map<String, String> values) {
        ObjectNode shown = NODES.objectNode();
        Arrays.stream(ServerSetting.values())
                .filter(setting -> values.containsKey(setting.settingName()))
                .forEach(setting -> shown.put(
                        setting.key(), value(setting, Objects.requireNonNull(values.get(setting.settingName())))));
        return shown;
    }

    private static ObjectNode settings(Map<ServerSetting, String> values) {
        ObjectNode shown = NODES.objectNode();
        Arrays.stream(ServerSetting.values())
                .filter(values::containsKey)
                .forEach(setting ->
                        shown.put(setting.key(), value(setting, Objects.requireNonNull(values.get(setting)))));
        return shown;
    }

    /** In one spelling, so that 5000ms and 5s are no difference. */
    private static String value(ServerSetting setting, String text) {
        return switch (setting.kind()) {
            case DURATION -> Amount.ofMillis(setting.number(text));
            case SIZE -> Amount.ofBytes(setting.number(text));
            case COUNT -> Long.toString(setting.number(text));
            case SWITCH -> setting.number(text) == 1 ? "true" : "false";
            case CHOICE -> setting.choices().get((int) setting.number(text));
            case TEXT, LIST -> HIDDEN;
        };
    }
}
