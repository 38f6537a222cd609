package io.mlflowgateway.server.config;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One place of a document, with the path that leads to it. What is asked for and not there becomes a problem of the
 * report; the answer is then empty, and reading goes on elsewhere.
 */
record Cursor(Tree tree, String path, Report report) {
    /** The path of what concerns the document as a whole. */
    static final String DOCUMENT = "(document)";

    /** The document's root. */
    static Cursor root(Tree tree, Report report) {
        return new Cursor(tree, "", report);
    }

    void problem(String message) {
        report.problem(tree.line(), path.isEmpty() ? DOCUMENT : path, message);
    }

    void warning(String message) {
        report.warning(tree.line(), path.isEmpty() ? DOCUMENT : path, message);
    }

    /** A problem of something that is not there. */
    void missing(String key, String message) {
        report.problem(tree.line(), below(key), message);
    }

    boolean isMapping() {
        return tree instanceof Tree.Fields;
    }

    /** Whether this is a mapping; a problem where it is not. */
    boolean mustBeMapping(String of) {
        if (!isMapping()) {
            problem(of + " was expected, found " + tree.found());
        }
        return isMapping();
    }

    /** Whether the key is written here, even with nothing behind it. */
    boolean has(String key) {
        return tree instanceof Tree.Fields fields && fields.field(key).isPresent();
    }

    /** What stands behind the key; empty where the key is absent or has nothing behind it. */
    Optional<Cursor> at(String key) {
        return tree instanceof Tree.Fields fields
                ? fields.field(key)
                        .filter(field -> !isNothing(field.value()))
                        .map(field -> new Cursor(field.value(), below(key), report))
                : Optional.empty();
    }

    /** What stands behind a key whose name leads through mappings by its dots; empty where one of them is none. */
    Optional<Cursor> find(String name) {
        int dot = name.indexOf('.');
        return dot < 0
                ? at(name)
                : at(name.substring(0, dot))
                        .filter(Cursor::isMapping)
                        .flatMap(inner -> inner.find(name.substring(dot + 1)));
    }

    /** A mapping without a key, where the document has none: what is missing in it is told of this place. */
    Cursor empty(String key) {
        return new Cursor(new Tree.Fields(Map.of(), tree.line(), 0), below(key), report);
    }

    /** The list's entries; a problem and none where this is no list. */
    List<Cursor> items() {
        if (!(tree instanceof Tree.Items list)) {
            problem("a list was expected, found " + tree.found());
            return List.of();
        }
        List<Cursor> items = new ArrayList<>();
        for (Tree item : list.items()) {
            items.add(new Cursor(item, path + "[" + items.size() + "]", report));
        }
        return items;
    }

    /** The scalar as it is written, whatever YAML takes it for; a problem where this is none or has nothing in it. */
    Optional<String> text() {
        if (tree instanceof Tree.Text text && text.type() != Tree.Text.Type.NOTHING) {
            if (!text.text().isBlank()) {
                return Optional.of(text.text());
            }
            problem("is empty");
            return Optional.empty();
        }
        problem("a text was expected, found " + tree.found());
        return Optional.empty();
    }

    /** Warns of every key that is none of these. */
    void onlyKnown(Collection<String> names) {
        onlyKnown(names, Map.of());
    }

    /**
     * Warns of every key that is none of these.
     *
     * @param deeper keys of the blocks below, and the block each belongs to
     */
    void onlyKnown(Collection<String> names, Map<String, String> deeper) {
        if (tree instanceof Tree.Fields fields) {
            fields.byName().forEach((name, field) -> warnIfUnknown(name, field, names, deeper));
        }
    }

    private void warnIfUnknown(String name, Tree.Field field, Collection<String> names, Map<String, String> deeper) {
        if (!names.contains(name)) {
            String here = path.isEmpty() ? DOCUMENT : path;
            String meant = deeper.containsKey(name)
                    ? "; it belongs below '" + deeper.get(name) + "'"
                    : Shown.didYouMean(name, names);
            report.warning(field.line(), here, "unknown key " + Shown.value(name) + " is ignored" + meant);
        }
    }

    private String below(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    private static boolean isNothing(Tree tree) {
        return tree instanceof Tree.Text text && text.type() == Tree.Text.Type.NOTHING;
    }

    /** The entries of a mapping by name, in order; none where this is no mapping. */
    Map<String, Tree.Field> fields() {
        return tree instanceof Tree.Fields fields ? fields.byName() : Map.of();
    }
}
