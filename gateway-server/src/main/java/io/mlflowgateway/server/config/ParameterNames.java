package io.mlflowgateway.server.config;

import java.util.List;
import java.util.Optional;

/** Reads a list of parameters' names, or one name. */
final class ParameterNames {
    /** What a name looks like, as a regular expression. */
    static final String FORM = "[A-Za-z0-9_.-]{1,64}";

    private ParameterNames() {}

    /** The names with a comma between them; empty with a problem where one is none. */
    static Optional<String> read(Cursor at) {
        List<Cursor> items = at.tree() instanceof Tree.Items ? at.items() : List.of(at);
        List<String> names = items.stream().flatMap(item -> name(item).stream()).toList();
        return names.isEmpty() || names.size() < items.size() ? Optional.empty() : Optional.of(String.join(",", names));
    }

    private static Optional<String> name(Cursor at) {
        Optional<String> text = at.text().map(String::strip);
        Optional<String> name = text.filter(found -> found.matches(FORM));
        if (text.isPresent() && name.isEmpty()) {
            at.problem("must be the name of a parameter, found " + Shown.value(text.get()));
        }
        return name;
    }
}
