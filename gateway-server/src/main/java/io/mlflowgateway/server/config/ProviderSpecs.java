package io.mlflowgateway.server.config;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The providers a file may name. */
final class ProviderSpecs {
    private final Map<String, ProviderSpec> byName = new HashMap<>();
    private final List<String> names;

    ProviderSpecs(List<ProviderSpec> specs) {
        for (ProviderSpec spec : specs) {
            byName.put(plain(spec.name()), spec);
            spec.aliases().forEach(alias -> byName.putIfAbsent(plain(alias), spec));
        }
        names = specs.stream().map(ProviderSpec::name).sorted().toList();
    }

    /** The provider of this name or alias; case does not count, {@code -} and {@code _} are alike. */
    Optional<ProviderSpec> find(String name) {
        return Optional.ofNullable(byName.get(plain(name)));
    }

    /** Canonical names, sorted. */
    List<String> names() {
        return names;
    }

    private static String plain(String name) {
        return name.toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
