package io.mlflowgateway.server.api;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.mlflowgateway.server.json.Json;
import io.mlflowgateway.server.query.Body;
import io.mlflowgateway.server.query.Body.Member;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Checks chat messages in one walk over their bytes: a long prompt costs a scan, not a tree. */
public final class MessagesCheck {
    /** What a message's content may be. */
    public enum Content {
        /** 2.5-2.8: a text, always. */
        TEXT,
        /** 2.9 and later: a text, a list of parts, null, or nothing. */
        ANYTHING_OPENAI_TAKES
    }

    private final BodyCheck check;
    private final Body body;
    private final Content content;

    public MessagesCheck(BodyCheck check, Body body, Content content) {
        this.check = check;
        this.body = body;
        this.content = content;
    }

    /** Checks {@code messages}, which must be there and hold at least one. */
    public void run() {
        check.required("messages").filter(member -> check.list(member, 1)).ifPresent(this::each);
    }

    private void each(Member messages) {
        try (JsonParser parser = Json.parser(body, messages)) {
            parser.nextToken();
            for (int index = 0; parser.nextToken() != JsonToken.END_ARRAY; index++) {
                one(parser, messages.start(), index);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void one(JsonParser parser, int offset, int index) throws IOException {
        int start = offset + (int) parser.currentTokenLocation().getByteOffset();
        if (!requireObject(parser, offset, "messages", index)) {
            return;
        }
        boolean role = false;
        boolean said = false;
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            JsonToken value = parser.nextToken();
            if (name.equals("role")) {
                role = true;
                requireText(value, index, name, parser, offset);
            } else if (name.equals("content")) {
                said = true;
                checkContent(value, index, parser, offset);
            }
            parser.skipChildren();
        }
        int end = offset + (int) parser.currentLocation().getByteOffset();
        if (!role) {
            check.add("missing", "Field required", text(start, end), "", "messages", index, "role");
        }
        if (!said && content == Content.TEXT) {
            check.add("missing", "Field required", text(start, end), "", "messages", index, "content");
        }
    }

    private void checkContent(JsonToken value, int index, JsonParser parser, int offset) throws IOException {
        boolean anything = content == Content.ANYTHING_OPENAI_TAKES;
        if (anything && value == JsonToken.START_ARRAY) {
            checkParts(index, parser, offset);
        } else if (!anything || value != JsonToken.VALUE_NULL) {
            requireText(value, index, "content", parser, offset);
        }
    }

    private void checkParts(int index, JsonParser parser, int offset) throws IOException {
        for (int part = 0; parser.nextToken() != JsonToken.END_ARRAY; part++) {
            requireObject(parser, offset, "messages", index, "content", part);
            parser.skipChildren();
        }
    }

    private boolean requireObject(JsonParser parser, int offset, Object... path) throws IOException {
        if (parser.currentToken() == JsonToken.START_OBJECT) {
            return true;
        }
        int start = offset + (int) parser.currentTokenLocation().getByteOffset();
        parser.skipChildren();
        parser.finishToken();
        check.add(
                "model_attributes_type",
                "Input should be a valid dictionary or object to extract fields from",
                text(start, offset + (int) parser.currentLocation().getByteOffset()),
                "",
                path);
        return false;
    }

    private void requireText(JsonToken value, int index, String name, JsonParser parser, int offset)
            throws IOException {
        if (value != JsonToken.VALUE_STRING) {
            int start = offset + (int) parser.currentTokenLocation().getByteOffset();
            parser.skipChildren();
            parser.finishToken();
            int end = offset + (int) parser.currentLocation().getByteOffset();
            check.add("string_type", "Input should be a valid string", text(start, end), "", "messages", index, name);
        }
    }

    private String text(int start, int end) {
        return new String(body.bytes(), start, end - start, StandardCharsets.UTF_8);
    }
}
