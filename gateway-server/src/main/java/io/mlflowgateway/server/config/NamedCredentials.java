package io.mlflowgateway.server.config;

import io.mlflowgateway.server.secret.Secret;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The entries of one file's {@code credentials:}, good or not, and which of them are used. Not thread-safe. */
final class NamedCredentials {
    /**
     * What an entry says; no value and no tokens where it is not good, which the report then says.
     *
     * @param type empty where the file names none there is
     * @param value of a static one
     * @param tokens of one that is fetched
     */
    record Entry(Cursor at, Optional<CredentialType> type, Optional<Secret> value, Optional<TokenSource> tokens) {}

    private final Map<String, Entry> byName = new LinkedHashMap<>();
    private final Set<String> used = new HashSet<>();

    /** Takes an entry in; the one that has the name already, where there is one. */
    Optional<Entry> put(String name, Entry entry) {
        return Optional.ofNullable(byName.putIfAbsent(name, entry));
    }

    /**
     * The entry a target names, where its provider takes one of that type; what is wrong is in the report.
     *
     * @param at the target's {@code credential}
     */
    Optional<Entry> find(Cursor at, ProviderSpec spec) {
        Optional<String> name = at.text();
        if (name.isEmpty()) {
            return Optional.empty();
        }
        Optional<Entry> entry = Optional.ofNullable(byName.get(name.get()));
        used.add(name.get());
        if (entry.isEmpty()) {
            // What is written here is not shown: it may be a key in the wrong place.
            at.problem("is no name of the file's credentials" + Shown.didYouMean(name.get(), byName.keySet())
                    + (byName.isEmpty() ? "; there are none" : "; one of " + Shown.list(byName.keySet())));
            return entry;
        }
        return entry.filter(found -> fits(found, at, spec));
    }

    private static boolean fits(Entry entry, Cursor at, ProviderSpec spec) {
        if (spec.credentials().isEmpty()) {
            at.problem("provider '" + spec.name() + "' takes no credential");
            return false;
        }
        boolean fits =
                entry.type().filter(type -> !spec.credentials().contains(type)).isEmpty();
        if (!fits) {
            List<String> taken = spec.credentials().stream()
                    .sorted()
                    .map(CredentialType::wireName)
                    .toList();
            at.problem(
                    "is of type '" + entry.type().map(CredentialType::wireName).orElse("") + "'; provider '"
                            + spec.name() + "' takes " + Shown.list(taken));
        }
        return fits;
    }

    /** Warns of every entry that no target names. */
    void warnOfUnused() {
        byName.forEach((name, entry) -> {
            if (!used.contains(name)) {
                entry.at().warning("no target uses the credential " + Shown.value(name));
            }
        });
    }
}
