package io.mlflowgateway.server.config;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What is done with a caller's parameter that a route's provider has no place for. */
public enum OnUnsupported {
    /** The call goes on without it, and the answer names it. */
    DROP,
    /** The call is refused. */
    REJECT,
    /** It is sent as it came. */
    FORWARD;

    static final String KEY = "on_unsupported";

    /** As the configuration says it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** All words, the one that holds without any first. */
    public static List<String> words() {
        return Arrays.stream(values()).map(OnUnsupported::word).toList();
    }

    /** What the entry says; a problem where that is none of the words. */
    static OnUnsupported read(Cursor entry) {
        return entry.at(KEY).flatMap(OnUnsupported::at).orElse(DROP);
    }

    private static Optional<OnUnsupported> at(Cursor at) {
        Optional<String> word = at.text();
        Optional<OnUnsupported> found = word.flatMap(OnUnsupported::of);
        if (word.isPresent() && found.isEmpty()) {
            at.problem("must be one of " + Shown.list(words()) + ", found " + Shown.value(word.get())
                    + Shown.didYouMean(word.get(), words()));
        }
        return found;
    }

    private static Optional<OnUnsupported> of(String word) {
        return Arrays.stream(values())
                .filter(policy -> policy.word().equals(word))
                .findFirst();
    }
}
