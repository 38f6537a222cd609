package io.mlflowgateway.server.provider;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.mlflowgateway.server.json.Json;
import io.mlflowgateway.server.query.Usage;
import java.io.IOException;
import java.util.BitSet;
import java.util.Optional;

/**
 * What must be known of one OpenAI-shaped document (an answer or a chunk of a stream), read in one pass without a tree:
 * whether it is one, which of its choices are finished, and the tokens it counts.
 */
final class ChunkScan {
    private static final int MOST_CHOICES = 1 << 16;

    private boolean hasChoices;
    private boolean isError;
    private int choices;
    private boolean everyChoiceHasText = true;
    private final BitSet seen = new BitSet();
    private final BitSet finished = new BitSet();
    private Optional<Usage> usage = Optional.empty();

    private ChunkScan() {}

    /** @throws IOException where the bytes are not one JSON object */
    static ChunkScan of(byte[] json) throws IOException {
        ChunkScan scan = new ChunkScan();
        try (JsonParser parser = Json.mapper().getFactory().createParser(json)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new IOException("not a JSON object");
            }
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                scan.readMember(parser);
            }
            if (parser.nextToken() != null) {
                throw new IOException("more after the end of the JSON document");
            }
        }
        return scan;
    }

    /** Whether there is a {@code choices} array, empty or not. */
    boolean hasChoices() {
        return hasChoices;
    }

    /** Whether it reports an error in place of an answer: an {@code error} member, or vLLM's {@code "object":"error"}. */
    boolean isError() {
        return isError;
    }

    boolean withoutChoices() {
        return choices == 0;
    }

    /** Whether each choice has a {@code text} string, as completions have. */
    boolean everyChoiceHasText() {
        return everyChoiceHasText;
    }

    /** Indices of the choices in it. */
    BitSet seen() {
        return seen;
    }

    /** Indices of those with a finish reason. */
    BitSet finished() {
        return finished;
    }

    Optional<Usage> usage() {
        return usage;
    }

    private void readMember(JsonParser parser) throws IOException {
        String name = parser.currentName();
        JsonToken value = parser.nextToken();
        switch (name) {
            case "choices" -> readChoices(parser, value);
            case "usage" -> readUsage(parser, value);
            case "error" -> isError |= value != JsonToken.VALUE_NULL;
            case "object" ->
                isError |= value == JsonToken.VALUE_STRING && parser.getText().equals("error");
            default -> {}
        }
        if (value.isStructStart() && !parser.currentToken().isStructEnd()) {
            parser.skipChildren();
        }
    }

    private void readChoices(JsonParser parser, JsonToken value) throws IOException {
        if (value != JsonToken.START_ARRAY) {
            return;
        }
        hasChoices = true;
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (parser.currentToken() != JsonToken.START_OBJECT) {
                throw new IOException("a choice is not an object");
            }
            readChoice(parser);
            choices++;
        }
    }

    private void readChoice(JsonParser parser) throws IOException {
        int index = choices;
        boolean isFinished = false;
        boolean hasText = false;
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            JsonToken value = parser.nextToken();
            switch (name) {
                case "index" -> index = value == JsonToken.VALUE_NUMBER_INT ? bounded(parser.getLongValue()) : index;
                // Some servers write "" where OpenAI writes null.
                case "finish_reason" -> isFinished = value == JsonToken.VALUE_STRING && parser.getTextLength() > 0;
                case "text" -> hasText = value == JsonToken.VALUE_STRING;
                default -> {}
            }
            parser.skipChildren();
        }
        seen.set(index);
        finished.set(index, isFinished);
        everyChoiceHasText &= hasText;
    }

    private void readUsage(JsonParser parser, JsonToken value) throws IOException {
        if (value != JsonToken.START_OBJECT) {
            return;
        }
        long prompt = 0;
        long completion = 0;
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            boolean counts = parser.nextToken() == JsonToken.VALUE_NUMBER_INT;
            if (counts && name.equals("prompt_tokens")) {
                prompt = Math.max(0, parser.getLongValue());
            } else if (counts && name.equals("completion_tokens")) {
                completion = Math.max(0, parser.getLongValue());
            }
            parser.skipChildren();
        }
        usage = Optional.of(new Usage(prompt, completion));
    }

    private static int bounded(long index) throws IOException {
        if (index < 0 || index >= MOST_CHOICES) {
            throw new IOException("a choice's index is out of bounds");
        }
        return (int) index;
    }
}
