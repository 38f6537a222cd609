package io.mlflowgateway.server.config;

import java.util.ArrayList;
import java.util.List;

/**
 * Everything that is wrong with a configuration, collected so that the first mistake does not hide the second. Not
 * thread-safe.
 */
public final class Problems {
    /**
     * One mistake.
     *
     * @param place {@code file:line}, or the file alone
     * @param path dotted path into the document, for example {@code endpoints[1].model.provider}; empty where the file
     *     as a whole is meant
     * @param message what was found and what would do; never a secret's value
     */
    public record Problem(String place, String path, String message) {
        @Override
        public String toString() {
            return place + ": " + (path.isEmpty() ? "" : path + ": ") + message;
        }
    }

    private final List<Problem> found = new ArrayList<>();

    public void add(String place, String path, String message) {
        found.add(new Problem(place, path, message));
    }

    public boolean isEmpty() {
        return found.isEmpty();
    }

    public List<Problem> all() {
        return List.copyOf(found);
    }
}
