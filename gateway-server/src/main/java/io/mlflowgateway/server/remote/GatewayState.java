package io.mlflowgateway.server.remote;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * How it stands with the configuration of a running gateway, as {@code /health/config} says.
 *
 * @param file it watches, as it was given to it; empty for none
 * @param version in force
 * @param routes how many
 * @param success whether the file as it is now is in force
 * @param fileVersion of what its file held when it last looked; empty where that could not be read
 * @param problems why that cannot be used, a line each
 * @param server its {@code server:} block at start, by key
 */
public record GatewayState(
        Optional<String> file,
        String version,
        int routes,
        boolean success,
        Optional<String> fileVersion,
        List<String> problems,
        Map<String, String> server) {
    public GatewayState {
        problems = List.copyOf(problems);
        server = Map.copyOf(server);
    }

    static GatewayState of(JsonNode config) {
        List<String> problems = new ArrayList<>();
        config.path("problems").forEach(problem -> problems.add(line(problem)));
        Map<String, String> server = new TreeMap<>();
        config.path("server")
                .properties()
                .forEach(setting ->
                        server.put(setting.getKey(), setting.getValue().asText()));
        return new GatewayState(
                text(config.path("file")),
                Plain.text(config.path("version").asText()),
                config.path("routes").asInt(),
                config.path("last_reload_success").asBoolean(),
                text(config.path("file_version")),
                problems,
                server);
    }

    private static Optional<String> text(JsonNode node) {
        return Optional.of(node)
                .filter(JsonNode::isTextual)
                .map(JsonNode::asText)
                .map(Plain::text);
    }

    private static String line(JsonNode problem) {
        String path = problem.path("path").asText();
        return Plain.text(problem.path("place").asText() + ": " + (path.isEmpty() ? "" : path + ": ")
                + problem.path("message").asText());
    }
}
