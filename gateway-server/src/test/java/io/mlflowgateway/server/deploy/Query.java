package io.mlflowgateway.server.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.Yaml;

/**
 * Something that {@code deploy/} has Prometheus work out.
 *
 * @param place where it stands, for messages
 * @param asks the expression
 * @param text what is shown beside its result, with labels between double braces
 */
record Query(String place, Promql asks, String text) {
    private static final Path DEPLOY = Path.of("..", "deploy");
    private static final Pattern VARIABLE = Pattern.compile("label_values\\((\\w+), (\\w+)\\)");

    /** Those of every alert. */
    static List<Query> ofAlerts() throws IOException {
        List<Query> found = new ArrayList<>();
        JsonNode rules = new ObjectMapper()
                .valueToTree(new Yaml()
                        .<Map<String, Object>>load(
                                Files.readString(DEPLOY.resolve("prometheus").resolve("alerts.yml"))));
        for (JsonNode rule : rules.at("/groups/0/rules")) {
            found.add(new Query(
                    rule.path("alert").asText(),
                    new Promql(rule.path("expr").asText()),
                    rule.path("annotations").toString()));
        }
        return found;
    }

    /** Those of every panel and every variable. */
    static List<Query> ofDashboard() throws IOException {
        List<Query> found = new ArrayList<>();
        JsonNode dashboard = dashboard();
        for (JsonNode panel : dashboard.path("panels")) {
            for (JsonNode target : panel.path("targets")) {
                found.add(new Query(
                        panel.path("title").asText(),
                        new Promql(target.path("expr").asText()),
                        target.path("legendFormat").asText()));
            }
        }
        for (JsonNode variable : dashboard.at("/templating/list")) {
            Matcher values = VARIABLE.matcher(variable.path("definition").asText());
            if (values.matches()) {
                found.add(new Query(
                        variable.path("name").asText(),
                        new Promql("count by (" + values.group(2) + ") (" + values.group(1) + ")"),
                        ""));
            }
        }
        return found;
    }

    static JsonNode dashboard() throws IOException {
        return new ObjectMapper()
                .readTree(DEPLOY.resolve("grafana").resolve("gateway.json").toFile());
    }

    @Override
    public String toString() {
        return place + " " + asks.metrics();
    }
}
