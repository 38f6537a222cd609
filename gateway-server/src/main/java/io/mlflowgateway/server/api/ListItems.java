package io.mlflowgateway.server.api;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.mlflowgateway.server.json.Json;
import io.mlflowgateway.server.query.Body;
import io.mlflowgateway.server.query.Body.Member;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** Looks into a list member. */
final class ListItems {
    private static final int MAX_ITEMS = 1_000;

    private ListItems() {}

    static boolean isEmpty(Body body, Member list) {
        try (JsonParser parser = Json.parser(body, list)) {
            parser.nextToken();
            return parser.nextToken() == JsonToken.END_ARRAY;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The raw JSON of each item by index; of a very long list, its beginning. */
    static Map<Integer, String> of(Body body, Member list) {
        Map<Integer, String> items = new LinkedHashMap<>();
        try (JsonParser parser = Json.parser(body, list)) {
            parser.nextToken();
            while (parser.nextToken() != JsonToken.END_ARRAY && items.size() < MAX_ITEMS) {
                int start = list.start() + (int) parser.currentTokenLocation().getByteOffset();
                parser.skipChildren();
                parser.finishToken();
                int end = list.start() + (int) parser.currentLocation().getByteOffset();
                items.put(items.size(), new String(body.bytes(), start, end - start, StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return items;
    }
}
