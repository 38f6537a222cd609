package io.mlflowgateway.server.config;

import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mlflowgateway.server.json.Json;
import io.mlflowgateway.server.query.Task;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/**
 * The JSON Schema (draft 2020-12) of configuration files, for editors. It is made from the providers and the settings
 * there are, so it cannot say anything else than the reader does; a key the reader would warn of is an error here.
 */
public final class ConfigSchema {
    private static final DefaultPrettyPrinter PRINTER = new DefaultPrettyPrinter()
            .withObjectIndenter(new DefaultIndenter("  ", "\n"))
            .withArrayIndenter(new DefaultIndenter("  ", "\n"));

    private final List<ProviderSpec> providers;

    /** @param providers in the order they are to be listed */
    public ConfigSchema(List<ProviderSpec> providers) {
        this.providers = List.copyOf(providers);
    }

    /** The schema, indented, with a newline at its end. */
    public String text() {
        return Json.text(document(), PRINTER.createInstance()) + "\n";
    }

    private ObjectNode document() {
        ObjectNode document = object();
        document.put("$schema", "https://json-schema.org/draft/2020-12/schema");
        document.put("title", "Gateway configuration");
        document.put("description", "Routes in every MLflow form, and how the server runs.");
        ObjectNode properties = mapping(document);
        properties.set("routes", list("Routes; with destinations, traffic splits.", anyOf(ref("entry"), ref("split"))));
        properties.set("endpoints", list("Routes, in the spelling of MLflow 2.9 and later.", ref("entry")));
        properties.set(CredentialsReader.KEY, CredentialSchema.credentials());
        properties.set("server", ServerSchema.block());
        properties.set(Pricer.PRICES, RoutingSchema.prices());
        properties.set(Pricer.UNKNOWN, RoutingSchema.unknownPrice());
        properties.set(Pricer.DEFAULT, ref(TargetsReader.PRICE));
        document.putObject("patternProperties").putObject("^x-").put("description", "A place to keep anchors.");
        document.putArray("anyOf").add(required("routes")).add(required("endpoints"));
        ObjectNode definitions = document.putObject("$defs");
        definitions.set("name", name());
        definitions.set(
                "task", oneOf(Stream.of(Task.values()).map(Task::wireName).toList()));
        definitions.set("limit", limit());
        definitions.set(RouteSettingsReader.TIMEOUTS, nullable(ServerSchema.ofRoute(RouteSettingsReader.TIMEOUTS)));
        definitions.set(RouteSettingsReader.LIMITS, nullable(ServerSchema.ofRoute(RouteSettingsReader.LIMITS)));
        definitions.set("model", model());
        definitions.set(TargetsReader.KEY, RoutingSchema.targets());
        definitions.set(TargetsReader.PRICE, RoutingSchema.price());
        definitions.set(RoutingReader.KEY, RoutingSchema.routing());
        definitions.set("entry", entry());
        definitions.set("split", split());
        providers.forEach(spec -> definitions.set("config-" + spec.name(), SettingSchema.config(spec)));
        return document;
    }

    private static ObjectNode name() {
        return object().put("type", "string")
                .put("pattern", "^(?!\\.{1,2}$)[A-Za-z0-9_.-]{1,128}$")
                .put("description", "What callers ask for; unique over the whole file.");
    }

    private static ObjectNode limit() {
        ObjectNode limit = object();
        ObjectNode properties = mapping(limit);
        ArrayNode calls = properties.putObject("calls").putArray("anyOf");
        calls.add(object().put("type", "integer").put("minimum", 0));
        calls.add(object().put("type", "string").put("pattern", "^\\s*[0-9]+\\s*$"));
        properties
                .putObject("renewal_period")
                .put("type", "string")
                .put("pattern", "^\\s*[0-9]*\\s*([sS]econd|[mM]inute|[hH]our|[dD]ay|[mM]onth|[yY]ear)[sS]?\\s*$")
                .put("description", "second, minute, hour, day, month or year, perhaps with a number before it.");
        properties.putObject("key").put("description", "Not used: the limit counts the calls of all callers.");
        limit.putArray("required").add("calls").add("renewal_period");
        return nullable(limit);
    }

    /** What a route may say otherwise than the server. */
    private static void ownSettings(ObjectNode properties) {
        properties.set(RouteSettingsReader.TIMEOUTS, ref(RouteSettingsReader.TIMEOUTS));
        properties.set(RouteSettingsReader.LIMITS, ref(RouteSettingsReader.LIMITS));
        properties.set(Pricer.UNKNOWN, RoutingSchema.unknownPrice());
        properties.set(OnUnsupported.KEY, onUnsupported());
    }

    private static ObjectNode onUnsupported() {
        return oneOf(OnUnsupported.words())
                .put("default", OnUnsupported.DROP.word())
                .put("description", "What is done with parameters that the provider has no place for.");
    }

    private ObjectNode entry() {
        ObjectNode entry = object();
        ObjectNode properties = mapping(entry);
        properties.set("name", ref("name"));
        properties.set("route_type", ref("task"));
        properties.set("endpoint_type", ref("task"));
        properties.set("model", ref("model"));
        properties.set(TargetsReader.KEY, ref(TargetsReader.KEY));
        properties.set(RoutingReader.KEY, ref(RoutingReader.KEY));
        properties.set("limit", ref("limit"));
        properties.set(CapabilitiesReader.KEY, capabilities());
        ownSettings(properties);
        entry.putArray("required").add("name");
        entry.putArray("anyOf").add(required("route_type")).add(required("endpoint_type"));
        entry.putArray("oneOf").add(required("model")).add(required(TargetsReader.KEY));
        ArrayNode rules = object().arrayNode();
        providers.stream()
                .filter(spec -> spec.tasks().size() < Task.values().length)
                .forEach(spec -> rules.add(taskRule(spec)));
        rules.add(RoutingSchema.cheapestRule(TargetsReader.KEY));
        return entry.set("allOf", rules);
    }

    private static ObjectNode capabilities() {
        ObjectNode list = object();
        list.put("description", "What the model can do; told in the route's description.");
        list.putArray("type").add("array").add("null");
        return list.set("items", oneOf(CapabilitiesReader.KNOWN));
    }

    private static ObjectNode taskRule(ProviderSpec spec) {
        ObjectNode rule = object();
        ObjectNode one = required("model");
        one.putObject("properties").set("model", isProvider(spec));
        ObjectNode several = required(TargetsReader.KEY);
        ObjectNode ofProvider = object();
        ofProvider.putObject("properties").set("model", isProvider(spec));
        ofProvider.putArray("required").add("model");
        several.putObject("properties").putObject(TargetsReader.KEY).set("contains", ofProvider);
        rule.set("if", anyOf(one, several));
        List<String> tasks = spec.tasks().stream().sorted().map(Task::wireName).toList();
        ObjectNode properties = rule.putObject("then").putObject("properties");
        properties.set("route_type", oneOf(tasks));
        properties.set("endpoint_type", oneOf(tasks));
        return rule;
    }

    private ObjectNode model() {
        ObjectNode model = object();
        ObjectNode properties = mapping(model);
        ArrayNode provider =
                properties.putObject("provider").put("type", "string").putArray("anyOf");
        provider.add(oneOf(providers.stream().map(ProviderSpec::name).toList()));
        providers.forEach(spec -> provider.add(object().put("pattern", pattern(spec))));
        properties
                .putObject("name")
                .put("description", "The model's name at the provider.")
                .putArray("type")
                .add("string")
                .add("number");
        properties
                .putObject(TargetReader.CREDENTIAL)
                .put("type", "string")
                .put("description", "The name of one of the file's credentials, in place of a key in config.");
        properties.putObject("config");
        model.putArray("required").add("provider");
        ArrayNode rules = model.putArray("allOf");
        providers.forEach(spec -> rules.add(configRule(spec)));
        return model;
    }

    private static ObjectNode configRule(ProviderSpec spec) {
        ObjectNode rule = object();
        rule.set("if", isProvider(spec));
        ObjectNode then = rule.putObject("then");
        then.putObject("properties").set("config", ref("config-" + spec.name()));
        if (spec.modelRequired()) {
            then.putArray("required").add("name");
        }
        CredentialSchema.require(spec, then);
        return rule;
    }

    private static ObjectNode split() {
        ObjectNode split = object();
        ObjectNode properties = mapping(split);
        properties.set("name", ref("name"));
        properties.set("task_type", ref("task"));
        ObjectNode destination = object();
        ObjectNode destinationKeys = mapping(destination);
        destinationKeys.set("name", ref("name"));
        destinationKeys
                .putObject("traffic_percentage")
                .put("type", "integer")
                .put("minimum", 0)
                .put("maximum", 100)
                .put("description", "0, with fallback only: asked when others fail.");
        destinationKeys.set(TargetsReader.PRICE, ref(TargetsReader.PRICE));
        destination.putArray("required").add("name").add("traffic_percentage");
        properties.set("destinations", list("Endpoints of this file; percentages add up to 100.", destination));
        properties.set("routing_strategy", oneOf(List.of("TRAFFIC_SPLIT")));
        properties.set(RoutingReader.KEY, ref(RoutingReader.KEY));
        properties.set("limit", ref("limit"));
        ownSettings(properties);
        split.putArray("required").add("name").add("task_type").add("destinations");
        split.putArray("allOf").add(RoutingSchema.cheapestRule("destinations")).add(RoutingSchema.spareRule());
        return split;
    }

    private static ObjectNode isProvider(ProviderSpec spec) {
        ObjectNode condition = object();
        condition.putObject("properties").putObject("provider").put("pattern", pattern(spec));
        condition.putArray("required").add("provider");
        return condition;
    }

    /** Matches the provider's names as the reader does: case does not count, {@code -} and {@code _} are alike. */
    private static String pattern(ProviderSpec spec) {
        StringBuilder pattern = new StringBuilder();
        Stream.concat(Stream.of(spec.name()), spec.aliases().stream()).forEach(name -> {
            pattern.append(pattern.isEmpty() ? "^(" : "|");
            name.chars().forEach(c -> pattern.append(anyCase((char) c)));
        });
        return pattern.append(")$").toString();
    }

    private static String anyCase(char c) {
        if (c == '-' || c == '_') {
            return "[-_]";
        }
        return Character.isLetter(c)
                ? "[" + Character.toLowerCase(c) + Character.toUpperCase(c) + "]"
                : String.valueOf(c);
    }

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    /** Makes the schema one of a mapping without further keys; the answer takes its properties. */
    static ObjectNode mapping(ObjectNode schema) {
        schema.put("type", "object").put("additionalProperties", false);
        return schema.putObject("properties");
    }

    static ObjectNode nullable(ObjectNode schema) {
        schema.putArray("type").add("object").add("null");
        return schema;
    }

    private static ObjectNode list(String description, ObjectNode items) {
        ObjectNode list = object().put("type", "array").put("description", description);
        return list.set("items", items);
    }

    static ObjectNode ref(String name) {
        return object().put("$ref", "#/$defs/" + name);
    }

    private static ObjectNode anyOf(ObjectNode one, ObjectNode other) {
        ObjectNode schema = object();
        schema.putArray("anyOf").add(one).add(other);
        return schema;
    }

    static ObjectNode required(String key) {
        ObjectNode schema = object();
        schema.putArray("required").add(key);
        return schema;
    }

    static ObjectNode oneOf(Collection<String> values) {
        ObjectNode schema = object();
        values.forEach(schema.putArray("enum")::add);
        return schema;
    }
}
