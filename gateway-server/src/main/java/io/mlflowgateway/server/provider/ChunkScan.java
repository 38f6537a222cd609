package io.mlflowgateway.server.provider;

import io.mlflowgateway.server.json.BodyScanner.Malformed;
import io.mlflowgateway.server.json.JsonCursor;
import io.mlflowgateway.server.query.Body.Kind;
import io.mlflowgateway.server.query.Usage;
import java.util.Optional;

/**
 * What must be known of one OpenAI-shaped document (an answer or a chunk of a stream), read in one pass without a tree:
 * whether it is one, which of its choices are finished, and the tokens it counts.
 */
final class ChunkScan {
    private static final int MOST_CHOICES = 1 << 16;

    /** What stands around a part of a call's arguments in a delta. */
    private static final int AROUND_ARGUMENTS = "[{'index':0,'function':{'arguments':''}}]".length();

    private final JsonCursor json;
    private final OpenChoices open;
    private boolean hasChoices;
    private boolean isError;
    private int choices;
    private boolean everyChoiceHasText = true;
    private Optional<Usage> usage = Optional.empty();
    private int textBytes;

    private ChunkScan(byte[] json, OpenChoices open) {
        this.json = new JsonCursor(json);
        this.open = open;
    }

    /**
     * Reads a document.
     *
     * @param open hears of its choices
     * @throws Malformed where the bytes are not one JSON object, or its choices are no choices
     */
    static ChunkScan of(byte[] json, OpenChoices open) throws Malformed {
        ChunkScan scan = new ChunkScan(json, open);
        scan.read();
        return scan;
    }

    /** Whether there is a {@code choices} array, empty or not. */
    boolean hasChoices() {
        return hasChoices;
    }

    /** Whether it reports an error in place of an answer: an {@code error} or {@code error_code} member, or vLLM's {@code "object":"error"}. */
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

    /** Whether it stands on several lines. */
    boolean hasLineFeeds() {
        return json.sawLineFeed();
    }

    Optional<Usage> usage() {
        return usage;
    }

    /** How long the texts in its choices are, and the arguments of calls, near enough. */
    int textBytes() {
        return textBytes;
    }

    private void read() throws Malformed {
        json.enterObject();
        while (json.nextMember()) {
            readMember();
        }
        json.end();
    }

    private void readMember() throws Malformed {
        switch (json.name()) {
            case "choices" -> readChoices();
            case "usage" -> readUsage();
            case "error", "error_code" -> isError |= skipped() != Kind.NULL;
            case "object" -> isError |= json.skipIfText("error");
            default -> json.skip();
        }
    }

    private void readChoices() throws Malformed {
        if (json.kind() != Kind.ARRAY) {
            json.skip();
            return;
        }
        hasChoices = true;
        json.enterArray();
        while (json.nextElement()) {
            readChoice();
            choices++;
        }
    }

    private void readChoice() throws Malformed {
        int index = choices;
        boolean isFinished = false;
        boolean hasText = false;
        json.enterObject();
        while (json.nextMember()) {
            switch (json.name()) {
                case "index" -> index = json.skipIndex(index, MOST_CHOICES);
                case "finish_reason" -> isFinished = saysSomething();
                case "text" -> hasText = skippedText();
                case "delta" -> readDelta();
                default -> json.skip();
            }
        }
        open.saw(index, isFinished);
        everyChoiceHasText &= hasText;
    }

    private void readDelta() throws Malformed {
        if (json.kind() != Kind.OBJECT) {
            json.skip();
            return;
        }
        json.enterObject();
        while (json.nextMember()) {
            switch (json.name()) {
                case "role" -> json.skip();
                case "tool_calls" -> readCalls();
                default -> skippedText();
            }
        }
    }

    private void readCalls() throws Malformed {
        int start = json.offset();
        json.skip();
        textBytes += Math.max(0, json.offset() - start - AROUND_ARGUMENTS);
    }

    private boolean skippedText() throws Malformed {
        int start = json.offset();
        boolean text = skipped() == Kind.STRING;
        textBytes += text ? json.offset() - start - 2 : 0;
        return text;
    }

    /** Some servers write "" where OpenAI writes null. */
    private boolean saysSomething() throws Malformed {
        boolean string = json.kind() == Kind.STRING;
        return !json.skipIfText("") && string;
    }

    private void readUsage() throws Malformed {
        if (json.kind() == Kind.OBJECT) {
            UsageScan found = new UsageScan();
            found.read(json);
            usage = Optional.of(found.usage());
        } else {
            json.skip();
        }
    }

    private Kind skipped() throws Malformed {
        Kind kind = json.kind();
        json.skip();
        return kind;
    }
}
