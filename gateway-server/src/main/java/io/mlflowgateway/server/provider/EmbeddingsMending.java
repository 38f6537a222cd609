package io.mlflowgateway.server.provider;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.mlflowgateway.server.json.BodyScanner;
import io.mlflowgateway.server.json.Json;
import io.mlflowgateway.server.json.JsonCursor;
import io.mlflowgateway.server.query.Body;
import io.mlflowgateway.server.query.Body.Kind;
import io.mlflowgateway.server.query.Body.Member;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

/**
 * Brings embeddings that are nearly OpenAI's into its form: vectors of numbers become base64 where the caller asked for
 * that (OpenAI's SDKs do, whatever their user says), and {@code object}, {@code model} and {@code usage} are filled in.
 */
final class EmbeddingsMending {
    private EmbeddingsMending() {}

    /**
     * The answer; the same bytes where it needs no mending, or is none.
     *
     * @param asked the caller's body
     */
    static byte[] mended(byte[] json, Body asked, Attempt attempt) {
        try {
            Body answer = BodyScanner.scanAnswer(json);
            Optional<Member> data = answer.member("data").filter(member -> member.kind() == Kind.ARRAY);
            return data.isEmpty() ? json : mended(answer, data.get(), Vectors.wantsBase64(asked), attempt);
        } catch (BodyScanner.Malformed | IOException e) {
            // Not an answer; whoever reads it next says what it is.
            return json;
        }
    }

    private static byte[] mended(Body answer, Member data, boolean base64, Attempt attempt)
            throws BodyScanner.Malformed, IOException {
        Body.Edit edit = answer.edit();
        if (base64 && holdsNumbers(answer, data)) {
            edit.set("data", inBase64(answer, data));
        }
        if (!answer.has("object")) {
            edit.set("object", "\"list\"");
        }
        if (!answer.has("model")) {
            edit.set("model", Json.quoted(attempt.model()));
        }
        if (!answer.has("usage")) {
            edit.set("usage", "{\"prompt_tokens\":0,\"total_tokens\":0}");
        }
        return edit.toBytes();
    }

    private static boolean holdsNumbers(Body answer, Member data) throws BodyScanner.Malformed {
        JsonCursor json = new JsonCursor(answer, data);
        json.enterArray();
        if (!json.nextElement() || json.kind() != Kind.OBJECT) {
            return false;
        }
        boolean numbers = false;
        json.enterObject();
        while (json.nextMember()) {
            numbers |= json.name().equals("embedding") && json.kind() == Kind.ARRAY;
            json.skip();
        }
        return numbers;
    }

    private static String inBase64(Body answer, Member data) throws IOException {
        StringBuilder items = new StringBuilder("[");
        try (JsonParser json = Json.parser(answer, data)) {
            json.nextToken();
            for (int index = 0; json.nextToken() == JsonToken.START_OBJECT; index++) {
                items.append(index == 0 ? "" : ",");
                addItem(json, index, items);
            }
        }
        return items.append(']').toString();
    }

    private static void addItem(JsonParser json, int index, StringBuilder items) throws IOException {
        items.append("{\"object\":\"embedding\"");
        long place = index;
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            JsonToken value = json.nextToken();
            if (name.equals("embedding") && value == JsonToken.START_ARRAY) {
                items.append(",\"embedding\":\"").append(base64(json)).append('"');
            } else if (name.equals("index") && value == JsonToken.VALUE_NUMBER_INT) {
                place = json.getLongValue();
            } else {
                json.skipChildren();
            }
        }
        items.append(",\"index\":").append(place).append('}');
    }

    /** Of little-endian floats of 32 bits. */
    private static String base64(JsonParser json) throws IOException {
        ByteBuffer floats = ByteBuffer.allocate(1024 * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        while (json.nextToken() != JsonToken.END_ARRAY) {
            if (!floats.hasRemaining()) {
                floats = ByteBuffer.wrap(Arrays.copyOf(floats.array(), 2 * floats.capacity()))
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .position(floats.capacity());
            }
            floats.putFloat(json.getFloatValue());
        }
        return Base64.getEncoder().encodeToString(Arrays.copyOf(floats.array(), floats.position()));
    }
}
