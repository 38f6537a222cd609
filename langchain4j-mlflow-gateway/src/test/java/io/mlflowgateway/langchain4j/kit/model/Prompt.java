package io.mlflowgateway.langchain4j.kit.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * A request, asked about what a model looks at.
 *
 * @param body as OpenAI's "Create chat completion" describes it
 */
record Prompt(JsonNode body) {

    /** A tool the model may call. */
    record Tool(String name, JsonNode parameters) {}

    private List<JsonNode> messages() {
        return list(body.path("messages"));
    }

    /** {@return the texts of the last message of the user} */
    String question() {
        return textOf(messages().get(lastQuestion()));
    }

    /** {@return all that the user and the model said before the last question} */
    List<String> earlier() {
        return messages().subList(0, lastQuestion()).stream()
                .map(Prompt::textOf)
                .toList();
    }

    /** {@return what the system message asks for; empty without one} */
    String instruction() {
        return messages().stream()
                .filter(message -> isFrom(message, "system"))
                .map(Prompt::textOf)
                .collect(Collectors.joining(" "));
    }

    /** {@return where the images of the last question are, as an address or as data} */
    List<String> images() {
        return list(messages().get(lastQuestion()).path("content")).stream()
                .map(part -> part.at("/image_url/url").asText())
                .filter(url -> !url.isEmpty())
                .toList();
    }

    List<Tool> tools() {
        return list(body.path("tools")).stream()
                .map(tool -> tool.path("function"))
                .map(function -> new Tool(function.path("name").asText(), function.path("parameters")))
                .toList();
    }

    boolean toolRequired() {
        return body.path("tool_choice").asText().equals("required");
    }

    /** {@return the names of the tools called since the last question} */
    List<String> called() {
        return turn().flatMap(message -> list(message.path("tool_calls")).stream())
                .map(call -> call.at("/function/name").asText())
                .toList();
    }

    /** {@return what the tools called since the last question gave back} */
    List<String> results() {
        return turn().filter(message -> isFrom(message, "tool"))
                .map(Prompt::textOf)
                .toList();
    }

    /** {@return what the tool called last gave back, whenever that was} */
    Optional<String> lastResult() {
        List<String> all = messages().stream()
                .filter(message -> isFrom(message, "tool"))
                .map(Prompt::textOf)
                .toList();
        return all.isEmpty() ? Optional.empty() : Optional.of(all.get(all.size() - 1));
    }

    boolean wantsJson() {
        return !body.path("response_format").isMissingNode();
    }

    /** {@return the schema the answer must have} */
    Optional<JsonNode> schema() {
        JsonNode schema = body.at("/response_format/json_schema/schema");
        return schema.isMissingNode() ? Optional.empty() : Optional.of(schema);
    }

    private Stream<JsonNode> turn() {
        return messages().stream().skip(lastQuestion() + 1L);
    }

    private int lastQuestion() {
        List<JsonNode> messages = messages();
        for (int at = messages.size() - 1; at > 0; at--) {
            if (isFrom(messages.get(at), "user")) {
                return at;
            }
        }
        return 0;
    }

    private static boolean isFrom(JsonNode message, String role) {
        return message.path("role").asText().equals(role);
    }

    private static String textOf(JsonNode message) {
        JsonNode content = message.path("content");
        return content.isArray()
                ? list(content).stream()
                        .map(part -> part.path("text").asText())
                        .collect(Collectors.joining(" "))
                        .strip()
                : content.asText();
    }

    private static List<JsonNode> list(JsonNode array) {
        return array.isArray()
                ? StreamSupport.stream(array.spliterator(), false).collect(Collectors.toCollection(ArrayList::new))
                : List.of();
    }
}
