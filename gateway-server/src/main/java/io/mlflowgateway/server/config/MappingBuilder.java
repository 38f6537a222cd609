package io.mlflowgateway.server.config;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Puts a mapping together: refuses a key written twice, resolves merge keys ({@code <<}, YAML 1.1: the mapping's own
 * keys win, then the earlier of the merged ones), and tells the report which values no message may show.
 */
final class MappingBuilder {
    private static final Pattern SECRET_LOOKING = Pattern.compile(
            "(?is)^(?!credential$).*(api_?key|[_-]key(_id)?$|^value$|token|secret|password|credential)");

    private final Report report;
    private final Map<String, Tree.Field> own = new LinkedHashMap<>();
    private final Map<String, Tree.Field> merged = new LinkedHashMap<>();
    private long size = 1;
    private long mergedSize;

    MappingBuilder(Report report) {
        this.report = report;
    }

    void put(Tree key, int line, Tree value) {
        if (!(key instanceof Tree.Text name)) {
            report.problem(line, Cursor.DOCUMENT, "a key must be a text, found " + key.found());
            return;
        }
        if (value instanceof Tree.Text text
                && SECRET_LOOKING.matcher(name.text()).find()) {
            keepOut(text.text());
        }
        size += 1 + value.size();
        Tree.Field first = own.putIfAbsent(name.text(), new Tree.Field(line, value));
        if (first != null) {
            report.problem(
                    line,
                    Cursor.DOCUMENT,
                    "the key " + Shown.value(name.text()) + " is written twice in one mapping, first in line "
                            + first.line());
        }
    }

    void merge(Tree value, int line) {
        if (value instanceof Tree.Items items) {
            items.items().forEach(item -> mergeOne(item, line));
        } else {
            mergeOne(value, line);
        }
    }

    private void mergeOne(Tree value, int line) {
        if (value instanceof Tree.Fields fields) {
            fields.byName().forEach(merged::putIfAbsent);
            mergedSize += fields.size();
        } else {
            report.problem(
                    line, Cursor.DOCUMENT, "'<<' merges a mapping or a list of mappings, found " + value.found());
        }
    }

    private void keepOut(String value) {
        // The name of a variable is no secret, and the message about a missing one must show it.
        if (!value.startsWith("$")) {
            report.keepOut(value);
        }
    }

    /** How many nodes came in by merging. */
    long mergedSize() {
        return mergedSize;
    }

    Tree.Fields build(int line) {
        Map<String, Tree.Field> all = new LinkedHashMap<>(own);
        merged.forEach(all::putIfAbsent);
        return new Tree.Fields(all, line, size + mergedSize);
    }
}
