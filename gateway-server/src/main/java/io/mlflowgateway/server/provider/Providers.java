package io.mlflowgateway.server.provider;

import io.mlflowgateway.server.config.ProviderSpec;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Every provider there is. To add one: its class and a line here. */
public final class Providers {
    private static final List<Provider> ALL =
            List.of(new OpenAiProvider(), new MlflowModelServingProvider(), new EchoProvider());

    private final Map<String, Provider> byName = new HashMap<>();

    public Providers() {
        for (Provider provider : ALL) {
            byName.put(normal(provider.spec().name()), provider);
            provider.spec().aliases().forEach(alias -> byName.put(normal(alias), provider));
        }
    }

    /** The provider of this name or alias, compared without case, {@code -} and {@code _} alike. */
    public Optional<Provider> find(String name) {
        return Optional.ofNullable(byName.get(normal(name)));
    }

    /** What the configuration may say of each. */
    public List<ProviderSpec> specs() {
        return ALL.stream().map(Provider::spec).toList();
    }

    private static String normal(String name) {
        return name.toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
