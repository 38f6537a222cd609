package io.mlflowgateway.server.testing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ContainerNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Makes documents that are JSON still, with values in places where others are expected. */
public final class JsonMutator {
    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private final List<JsonNode> documents = new ArrayList<>();
    /** Everything that stands anywhere in a document. */
    private final List<JsonNode> values = new ArrayList<>();

    /** @param inputs those that are JSON objects are taken */
    public JsonMutator(List<byte[]> inputs) {
        for (byte[] input : inputs) {
            try {
                JsonNode read = JSON.readTree(input);
                if (read != null && read.isObject()) {
                    documents.add(read);
                    read.forEach(this::collect);
                }
            } catch (IOException e) {
                // One of the broken ones.
                continue;
            }
        }
    }

    private void collect(JsonNode value) {
        values.add(value);
        value.forEach(this::collect);
    }

    /** The next document. */
    public byte[] next(SplittableRandom random) {
        JsonNode document = documents.get(random.nextInt(documents.size())).deepCopy();
        for (int times = random.nextInt(4); times > 0; times--) {
            change(containers(document, new ArrayList<>()), random);
        }
        try {
            return JSON.writeValueAsBytes(document);
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }

    private static List<ContainerNode<?>> containers(JsonNode node, List<ContainerNode<?>> found) {
        if (node instanceof ContainerNode<?> container) {
            found.add(container);
            container.forEach(child -> containers(child, found));
        }
        return found;
    }

    private void change(List<ContainerNode<?>> places, SplittableRandom random) {
        ContainerNode<?> place = places.get(random.nextInt(places.size()));
        JsonNode value = values.get(random.nextInt(values.size())).deepCopy();
        if (place instanceof ArrayNode array) {
            array.insert(random.nextInt(array.size() + 1), value);
        } else if (place instanceof ObjectNode object && !object.isEmpty()) {
            List<String> names = new ArrayList<>();
            object.fieldNames().forEachRemaining(names::add);
            String name = names.get(random.nextInt(names.size()));
            switch (random.nextInt(4)) {
                case 0 -> object.remove(name);
                case 1 -> object.putArray(name).add(value);
                default -> object.set(name, value);
            }
        }
    }
}
