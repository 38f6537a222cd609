package io.mlflowgateway.langchain4j.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Set;

/**
 * Gathers what an answer tells besides what this module understands: fields of the body it does not know, and {@code
 * logprobs} of the first choice. Of a stream the last word counts, and likelihoods are put together. Not for several
 * threads at once.
 */
final class Extras {

    /** Understood, or of no use: {@code object} and {@code obfuscation} say nothing. */
    private static final Set<String> KNOWN =
            Set.of("id", "object", "obfuscation", "model", "choices", "usage", "candidates", "metadata");

    private static final String LIKELIHOODS = "logprobs";

    private final ObjectNode gathered = Json.object();

    void take(JsonNode body) {
        body.properties().stream()
                .filter(field ->
                        !KNOWN.contains(field.getKey()) && !field.getValue().isNull())
                .forEach(field -> gathered.set(field.getKey(), field.getValue()));
    }

    void takeLikelihoods(JsonNode choice) {
        choice.path(LIKELIHOODS).properties().forEach(part -> likelihoods(part.getKey(), part.getValue()));
    }

    private void likelihoods(String part, JsonNode more) {
        ObjectNode known = gathered.withObjectProperty(LIKELIHOODS);
        if (known.path(part) instanceof ArrayNode array && more instanceof ArrayNode added) {
            array.addAll(added);
        } else if (!more.isNull()) {
            known.set(part, more.deepCopy());
        }
    }

    Map<String, Object> all() {
        return Json.map(gathered);
    }
}
