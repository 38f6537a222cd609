package io.mlflowgateway.server.deploy;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a gateway shows at {@code /metrics}: the labels of each metric and the values each label has had. */
final class Scrape {
    private static final Pattern SAMPLE =
            Pattern.compile("(?m)^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{(.*)})? [-+0-9.eEINFNa]+$");
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"([^\"]*)\"");

    private final Map<String, Map<String, Set<String>>> metrics = new HashMap<>();

    /** @param text in Prometheus' text format */
    Scrape(String text) {
        Matcher sample = SAMPLE.matcher(text);
        while (sample.find()) {
            Map<String, Set<String>> labels = metrics.computeIfAbsent(sample.group(1), name -> new TreeMap<>());
            Matcher label = LABEL.matcher(Optional.ofNullable(sample.group(2)).orElse(""));
            while (label.find()) {
                labels.computeIfAbsent(label.group(1), name -> new TreeSet<>()).add(label.group(2));
            }
        }
    }

    Set<String> names() {
        return metrics.keySet();
    }

    /** The labels of a metric; empty for one that is not there. */
    Set<String> labels(String metric) {
        return metrics.getOrDefault(metric, Map.of()).keySet();
    }

    /** The values of a metric's label. */
    Set<String> values(String metric, String label) {
        return metrics.getOrDefault(metric, Map.of()).getOrDefault(label, Set.of());
    }
}
