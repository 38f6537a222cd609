package io.mlflowgateway.server.config;

import java.util.List;
import java.util.Optional;

/**
 * Reads {@code capabilities:}, what is claimed of the model behind an entry. The gateway does nothing about it but to
 * tell it in the entry's description, where clients look for what they may ask.
 */
final class CapabilitiesReader {
    static final String KEY = "capabilities";

    /** In the order they are told. {@code json_schema}: the model follows a JSON schema in {@code response_format}. */
    static final List<String> KNOWN = List.of("json_schema");

    private CapabilitiesReader() {}

    /** Each once; what is wrong the report says. */
    static List<String> read(Cursor entry) {
        List<String> named = entry.at(KEY).map(Cursor::items).orElse(List.of()).stream()
                .map(CapabilitiesReader::word)
                .flatMap(Optional::stream)
                .toList();
        return KNOWN.stream().filter(named::contains).toList();
    }

    private static Optional<String> word(Cursor at) {
        Optional<String> word = at.text();
        if (word.isPresent() && !KNOWN.contains(word.get())) {
            at.problem(Shown.value(word.get()) + " is no capability" + Shown.didYouMean(word.get(), KNOWN) + "; one of "
                    + Shown.list(KNOWN));
        }
        return word;
    }
}
