package io.mlflowgateway.server.config;

import java.util.Optional;
import java.util.regex.Pattern;

/** How routes, and targets that are given a name, may be called. */
final class RouteNames {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.-]{1,128}");

    private RouteNames() {}

    /** The name written here; a problem where it is none that may be. */
    static Optional<String> read(Cursor at) {
        Optional<String> name = at.text();
        if (name.isPresent() && !isName(name.get())) {
            at.problem("a name is 1 to 128 of the letters A to Z and a to z, digits, '-', '_' and '.', and not '.'"
                    + " or '..'; found " + Shown.value(name.get()));
            return Optional.empty();
        }
        return name;
    }

    private static boolean isName(String text) {
        return NAME.matcher(text).matches() && !text.equals(".") && !text.equals("..");
    }
}
