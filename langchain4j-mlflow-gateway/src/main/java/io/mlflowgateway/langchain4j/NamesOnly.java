package io.mlflowgateway.langchain4j;

import java.util.AbstractMap;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A copy of a map that prints its names and not its values, which may be secret. LangChain4j's own parameters print all
 * they hold, so the map must keep the secret itself.
 *
 * @param <V> may be null
 */
final class NamesOnly<V> extends AbstractMap<String, V> {

    private final Map<String, V> values;

    private NamesOnly(Map<String, V> values) {
        // Not Map.copyOf: a body field may be null on purpose, and order is kept on the wire.
        this.values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    /** The copy; null for a map that is null or empty. */
    static <V> @Nullable NamesOnly<V> of(@Nullable Map<String, V> values) {
        return values == null || values.isEmpty() ? null : new NamesOnly<>(values);
    }

    @Override
    public Set<Entry<String, V>> entrySet() {
        return values.entrySet();
    }

    @Override
    public String toString() {
        return values.keySet().toString();
    }
}
