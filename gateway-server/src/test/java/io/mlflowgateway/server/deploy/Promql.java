package io.mlflowgateway.server.deploy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What an expression asks of metrics. Knows selectors and the lists of labels behind {@code by} and its like; that it is
 * an expression at all is for Prometheus to say.
 */
final class Promql {
    private static final Pattern IN_BRACES = Pattern.compile("\\{((?:[^}\"]|\"(?:[^\"\\\\]|\\\\.)*\")*)}");
    private static final Pattern MATCHER = Pattern.compile("(\\w+)\\s*(=~|!~|!=|=)\\s*\"([^\"]*)\"");
    private static final Pattern LABELS =
            Pattern.compile("\\b(?:by|without|on|ignoring|group_left|group_right)\\s*\\(([^)]*)\\)");
    private static final Pattern NAME = Pattern.compile("\\b([a-zA-Z_:][a-zA-Z0-9_:]*)\\b(?!\\s*\\()");
    private static final Set<String> WORDS =
            Set.of("by", "without", "and", "or", "unless", "bool", "offset", "inf", "nan", "e");

    private final Set<String> metrics = new TreeSet<>();
    private final Set<String> groupedBy = new TreeSet<>();
    private final Map<String, Set<String>> matched = new TreeMap<>();

    Promql(String expression) {
        String left = cut(expression, IN_BRACES, this::matchers);
        left = cut(left, LABELS, this::labels);
        left = left.replaceAll("\\[[^]]*]", " ").replaceAll("\\b\\d[\\w.]*", " ");
        Matcher name = NAME.matcher(left);
        while (name.find()) {
            if (!WORDS.contains(name.group(1))) {
                metrics.add(name.group(1));
            }
        }
    }

    private static String cut(String text, Pattern part, Consumer<String> found) {
        Matcher matcher = part.matcher(text);
        StringBuilder rest = new StringBuilder();
        while (matcher.find()) {
            found.accept(matcher.group(1));
            matcher.appendReplacement(rest, " ");
        }
        return matcher.appendTail(rest).toString();
    }

    private void matchers(String inBraces) {
        Matcher each = MATCHER.matcher(inBraces);
        while (each.find()) {
            List<String> values = each.group(2).endsWith("~")
                    ? Arrays.asList(each.group(3).split("\\|", -1))
                    : List.of(each.group(3));
            matched.computeIfAbsent(each.group(1), label -> new TreeSet<>()).addAll(values);
        }
    }

    private void labels(String list) {
        Arrays.stream(list.split(",", -1))
                .map(String::strip)
                .filter(label -> !label.isEmpty())
                .forEach(groupedBy::add);
    }

    /** The names of all metrics it reads. */
    Set<String> metrics() {
        return metrics;
    }

    /** Every label it names, in braces or in a list. */
    Set<String> labels() {
        Set<String> all = new HashSet<>(groupedBy);
        all.addAll(matched.keySet());
        return all;
    }

    /** The labels its result is grouped by; empty when it keeps those of its metrics. */
    Set<String> groupedBy() {
        return groupedBy;
    }

    /** The values it compares a label with, alternatives one by one. */
    Map<String, Set<String>> matched() {
        return matched;
    }

    /** The labels between double braces of an alert's or a panel's text. */
    static List<String> shown(String text) {
        List<String> labels = new ArrayList<>();
        Matcher each =
                Pattern.compile("\\{\\{\\s*(?:\\$labels\\.)?([a-z_]+)\\s*}}").matcher(text);
        while (each.find()) {
            labels.add(each.group(1));
        }
        return labels;
    }
}
