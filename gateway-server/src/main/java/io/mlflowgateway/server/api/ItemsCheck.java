package io.mlflowgateway.server.api;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.mlflowgateway.server.json.Json;
import io.mlflowgateway.server.query.Body;
import io.mlflowgateway.server.query.Body.Member;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Checks the items of a list in one walk over its bytes. One list each. */
final class ItemsCheck {
    private final BodyCheck check;
    private final Body body;
    private final Member list;
    private JsonToken expected = JsonToken.VALUE_STRING;

    ItemsCheck(BodyCheck check, Body body, Member list) {
        this.check = check;
        this.body = body;
        this.list = list;
    }

    private interface Item {
        void check(JsonParser parser, int index) throws IOException;
    }

    static boolean isEmpty(Body body, Member list) {
        try (JsonParser parser = Json.parser(body, list)) {
            parser.nextToken();
            return parser.nextToken() == JsonToken.END_ARRAY;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void texts() {
        walk((parser, index) -> require(JsonToken.VALUE_STRING, parser, List.of(index)));
    }

    /** Texts; or, where they are allowed, token ids or lists of them. The first item decides which. */
    void inputs(boolean tokens) {
        walk((parser, index) -> {
            JsonToken token = parser.currentToken();
            if (index == 0 && tokens && (token == JsonToken.VALUE_NUMBER_INT || token == JsonToken.START_ARRAY)) {
                expected = token;
            }
            if (require(expected, parser, List.of(index)) && expected == JsonToken.START_ARRAY) {
                tokenIds(parser, index);
            }
        });
    }

    private void tokenIds(JsonParser parser, int index) throws IOException {
        for (int inner = 0; parser.nextToken() != JsonToken.END_ARRAY; inner++) {
            require(JsonToken.VALUE_NUMBER_INT, parser, List.of(index, inner));
        }
    }

    private boolean require(JsonToken wanted, JsonParser parser, List<Object> place) throws IOException {
        if (parser.currentToken() == wanted) {
            return true;
        }
        int start = list.start() + (int) parser.currentTokenLocation().getByteOffset();
        parser.skipChildren();
        parser.finishToken();
        int end = list.start() + (int) parser.currentLocation().getByteOffset();
        String found = new String(body.bytes(), start, end - start, StandardCharsets.UTF_8);
        List<Object> path = new ArrayList<>(List.of(list.name()));
        path.addAll(place);
        String type = type(wanted);
        check.add(type + "_type", "Input should be a valid " + noun(type), found, "", path.toArray());
        return false;
    }

    private static String type(JsonToken wanted) {
        return wanted == JsonToken.VALUE_STRING ? "string" : wanted == JsonToken.START_ARRAY ? "list" : "int";
    }

    private static String noun(String type) {
        return type.equals("int") ? "integer" : type;
    }

    private void walk(Item item) {
        try (JsonParser parser = Json.parser(body, list)) {
            parser.nextToken();
            for (int index = 0; parser.nextToken() != JsonToken.END_ARRAY; index++) {
                item.check(parser, index);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
