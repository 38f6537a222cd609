package io.mlflowgateway.server.provider;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mlflowgateway.server.config.ProviderSpec;
import io.mlflowgateway.server.provider.parameter.Capabilities;
import io.mlflowgateway.server.query.Task;
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
            new BedrockProvider(),
            new MistralProvider(),
            new TogetherAiProvider(),
            new OllamaProvider(),
            new OpenAiCompatibleProvider(),
            new DatabricksProvider(),
            new Ai21LabsProvider(),
            new TextGenerationInferenceProvider(),
            new MlflowModelServingProvider(),
            new PalmProvider(),
            new MosaicMlProvider(),
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

    /** What each can do, by name and task, as JSON: whether it streams, what becomes of parameters, how it was tried. */
    public ObjectNode capabilities() {
        ObjectNode shown = JsonNodeFactory.instance.objectNode();
        for (Provider provider : all) {
            ObjectNode tasks = shown.putObject(provider.spec().name());
            provider.spec().tasks().stream()
                    .sorted()
                    .forEach(task -> tasks.set(task.wireName(), capabilities(provider, task)));
        }
        return JsonNodeFactory.instance.objectNode().set("providers", shown);
    }

    private static ObjectNode capabilities(Provider provider, Task task) {
        return Capabilities.of(task, provider.spec().streams(), provider.status(task), provider.parameters(task));
    }

    /** All of them, in the order of the docs. */
    public List<Provider> all() {
        return all;
    }

    /** What the configuration may say of each. */
    public List<ProviderSpec> specs() {
        return all.stream().map(Provider::spec).toList();
    }
}
