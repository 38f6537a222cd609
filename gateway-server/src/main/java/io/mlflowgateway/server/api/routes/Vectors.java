package io.mlflowgateway.server.api.routes;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.mlflowgateway.server.json.BodyScanner.Malformed;
import io.mlflowgateway.server.json.Json;
import io.mlflowgateway.server.json.JsonCursor;
import io.mlflowgateway.server.query.Body;
import io.mlflowgateway.server.query.Body.Kind;
import io.mlflowgateway.server.query.Failure;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;

/**
 * Embeddings as lists of numbers, as MLflow 2.5-2.8 give them, whichever way OpenAI's answer spells them. Lists are copied
 * as they stand: as a tree, an answer of numbers is ten times as large.
 */
final class Vectors {
    private static final long NO_INDEX = Long.MIN_VALUE;

    /** One text's vector: where its value stands in the answer. */
    private record Entry(long index, Kind kind, int start, int end) {}

    private Vectors() {}

    /**
     * Writes the list of vectors, in the order of the texts.
     *
     * @param answer whose {@code data} is a list, each {@code embedding} in it a list of numbers, or base64 of
     *     little-endian 32-bit floats
     * @throws Failure 502 for anything else
     */
    static void write(Body answer, ByteArrayOutputStream out) {
        Body.Member data = answer.member("data")
                .filter(member -> member.kind() == Kind.ARRAY)
                .orElseThrow(() -> invalid("answer has no list 'data'"));
        out.write('[');
        boolean first = true;
        for (Entry entry : entries(answer, data)) {
            if (!first) {
                out.write(',');
            }
            first = false;
            if (entry.kind() == Kind.ARRAY) {
                out.write(answer.bytes(), entry.start(), entry.end() - entry.start());
            } else {
                out.writeBytes(Json.bytes(numbers(answer.bytes(), entry)));
            }
        }
        out.write(']');
    }

    private static List<Entry> entries(Body answer, Body.Member data) {
        List<Entry> entries = new ArrayList<>();
        try {
            JsonCursor json = new JsonCursor(answer, data);
            json.enterArray();
            while (json.nextElement()) {
                entries.add(entry(json));
            }
        } catch (Malformed e) {
            throw Failure.of(Failure.Kind.UPSTREAM_INVALID, "the provider's answer has an index out of bounds", e);
        }
        // Entries without an index keep their place: the sort is stable only if all compare equal or all have one.
        if (entries.stream().noneMatch(entry -> entry.index() == NO_INDEX)) {
            entries.sort(Comparator.comparingLong(Entry::index));
        }
        return entries;
    }

    private static Entry entry(JsonCursor json) throws Malformed {
        long index = NO_INDEX;
        Entry vector = null;
        if (json.kind() != Kind.OBJECT) {
            throw invalid("answer has an entry without an embedding");
        }
        json.enterObject();
        while (json.nextMember()) {
            if (json.name().equals("index")) {
                index = json.skipWholeNumber(NO_INDEX);
            } else if (json.name().equals("embedding")) {
                Kind kind = json.kind();
                int start = json.offset();
                json.skip();
                vector = new Entry(NO_INDEX, kind, start, json.offset());
            } else {
                json.skip();
            }
        }
        if (vector == null || (vector.kind() != Kind.ARRAY && vector.kind() != Kind.STRING)) {
            throw invalid("answer has an entry without an embedding");
        }
        return new Entry(index, vector.kind(), vector.start(), vector.end());
    }

    private static ArrayNode numbers(byte[] json, Entry entry) {
        FloatBuffer floats = ByteBuffer.wrap(decoded(json, entry))
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer();
        ArrayNode vector = JsonNodeFactory.instance.arrayNode(floats.remaining());
        while (floats.hasRemaining()) {
            vector.add(floats.get());
        }
        return vector;
    }

    private static byte[] decoded(byte[] json, Entry entry) {
        String base64 = Json.string(json, entry.start(), entry.end());
        try {
            byte[] bytes = Base64.getDecoder().decode(base64);
            if (bytes.length % Float.BYTES == 0) {
                return bytes;
            }
        } catch (IllegalArgumentException e) {
            throw Failure.of(Failure.Kind.UPSTREAM_INVALID, "the provider's embedding is not valid base64", e);
        }
        throw invalid("embedding is not a row of 32-bit floats");
    }

    private static Failure invalid(String what) {
        return Failure.of(Failure.Kind.UPSTREAM_INVALID, "the provider's " + what);
    }
}
