package io.mlflowgateway.server.provider;

import io.mlflowgateway.server.config.ProviderSpec;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Every provider there is. To add one: its class and a line here. */
public final class Providers {
    private static final List<Provider> ALL = List.of(
            new OpenAiProvider(),
            new AnthropicProvider(),
            new GeminiProvider(),
            new CohereProvider(),
            new MistralProvider(),
            new TogetherAiProvider(),
            new OllamaProvider(),
            new OpenAiCompatibleProvider(),
            new DatabricksProvider(),
            new Ai21LabsProvider(),
            new TextGenerationInferenceProvider(),
            new MlflowModelServingProvider(),
            new EchoProvider());

    private final List<Provider> all;
    private final Map<String, Provider> byName = new HashMap<>();

    public Providers() {
        this(ALL);
    }

    /** These, in place of all there are. */
    Providers(List<Provider> providers) {
        all = providers;
        all.forEach(provider -> byName.put(provider.spec().name(), provider));
    }

    /** The provider of this canonical name; the configuration's reader has turned every other spelling into it. */
    public Optional<Provider> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /** What the configuration may say of each. */
    public List<ProviderSpec> specs() {
        return all.stream().map(Provider::spec).toList();
    }
}
