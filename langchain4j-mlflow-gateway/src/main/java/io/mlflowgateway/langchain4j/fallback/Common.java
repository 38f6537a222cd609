package io.mlflowgateway.langchain4j.fallback;

import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** What several models have in common. */
final class Common {

    private Common() {}

    /** What every one of them can do. */
    static <M, T> Set<T> toAll(List<M> models, Function<M, ? extends Collection<T>> abilities) {
        Set<T> common = new LinkedHashSet<>(abilities.apply(models.get(0)));
        models.forEach(model -> common.retainAll(abilities.apply(model)));
        return Set.copyOf(common);
    }

    /** The provider of all, if they have the same. */
    static <M> ModelProvider provider(List<M> models, Function<M, ModelProvider> provider) {
        Set<ModelProvider> providers = new LinkedHashSet<>();
        models.forEach(model -> providers.add(provider.apply(model)));
        return providers.size() == 1 ? providers.iterator().next() : ModelProvider.OTHER;
    }

    static String name(Object model, ChatRequestParameters parameters) {
        String name = parameters.modelName();
        return name == null ? model.getClass().getSimpleName() : name;
    }
}
