package io.mlflowgateway.server.api.docs;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The rules of OpenAPI 3.1 that no schema checks: what refers to what, and what must be unique. */
final class OpenApiRules {
    private static final Pattern PARAMETER = Pattern.compile("\\{([^}]+)}");
    private static final Set<String> METHODS =
            Set.of("get", "put", "post", "delete", "options", "head", "patch", "trace");

    private final JsonNode document;
    private final List<String> breaches = new ArrayList<>();

    private OpenApiRules(JsonNode document) {
        this.document = document;
    }

    static List<String> breaches(JsonNode document) {
        OpenApiRules rules = new OpenApiRules(document);
        rules.head();
        rules.references();
        rules.componentNames();
        rules.paths();
        return rules.breaches;
    }

    /** Every object with this member, at any depth. */
    static List<JsonNode> everyNodeWith(JsonNode node, String member) {
        List<JsonNode> found = new ArrayList<>();
        if (node.isObject() && node.has(member)) {
            found.add(node);
        }
        node.forEach(child -> found.addAll(everyNodeWith(child, member)));
        return found;
    }

    private void head() {
        require(document.path("openapi").asText().startsWith("3.1."), "not OpenAPI 3.1");
        require(!document.at("/info/title").asText().isEmpty(), "no title");
        require(!document.at("/info/version").asText().isEmpty(), "no version");
    }

    private void references() {
        for (JsonNode node : everyNodeWith(document, "$ref")) {
            String target = node.path("$ref").asText();
            require(target.startsWith("#/"), "refers to another document: " + target);
            require(!document.at(target.substring(1)).isMissingNode(), "refers to nothing: " + target);
        }
    }

    private void componentNames() {
        for (JsonNode kind : document.path("components")) {
            kind.fieldNames()
                    .forEachRemaining(
                            name -> require(name.matches("[a-zA-Z0-9._-]+"), "not a component's name: " + name));
        }
    }

    private void paths() {
        Set<String> ids = new HashSet<>();
        Set<String> tags = new HashSet<>();
        document.path("tags").forEach(tag -> tags.add(tag.path("name").asText()));
        for (Map.Entry<String, JsonNode> path : document.path("paths").properties()) {
            require(path.getKey().startsWith("/"), "a path without slash: " + path.getKey());
            for (Map.Entry<String, JsonNode> operation : path.getValue().properties()) {
                String where = operation.getKey() + " " + path.getKey();
                require(METHODS.contains(operation.getKey()), "no method: " + where);
                operation(where, operation.getValue(), ids, tags);
            }
        }
    }

    private void operation(String where, JsonNode operation, Set<String> ids, Set<String> tags) {
        String id = operation.path("operationId").asText();
        require(!id.isEmpty(), where + " has no operationId");
        require(ids.add(id), "an operationId stands twice: " + id);
        operation
                .path("tags")
                .forEach(tag -> require(tags.contains(tag.asText()), where + " has an unknown tag: " + tag));
        require(!operation.path("responses").isEmpty(), where + " has no responses");
        for (Map.Entry<String, JsonNode> response : operation.path("responses").properties()) {
            require(response.getKey().matches("[1-5](\\d\\d|XX)|default"), where + ": no status: " + response.getKey());
            require(resolved(response.getValue()).has("description"), where + ": a response without description");
        }
        if (operation.has("requestBody")) {
            require(!resolved(operation.path("requestBody")).path("content").isEmpty(), where + ": a body of no type");
        }
        parameters(where, operation);
    }

    private void parameters(String where, JsonNode operation) {
        Set<String> declared = new HashSet<>();
        for (JsonNode reference : operation.path("parameters")) {
            JsonNode parameter = resolved(reference);
            if (parameter.path("in").asText().equals("path")) {
                declared.add(parameter.path("name").asText());
                require(parameter.path("required").asBoolean(), where + ": a path parameter must be required");
            }
        }
        Set<String> used = new HashSet<>();
        Matcher matcher = PARAMETER.matcher(where);
        while (matcher.find()) {
            used.add(matcher.group(1));
        }
        require(used.equals(declared), where + ": declared " + declared);
    }

    private JsonNode resolved(JsonNode node) {
        return node.has("$ref") ? document.at(node.path("$ref").asText().substring(1)) : node;
    }

    private void require(boolean holds, String breach) {
        if (!holds) {
            breaches.add(breach);
        }
    }
}
