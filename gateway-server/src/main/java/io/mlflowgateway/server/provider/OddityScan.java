package io.mlflowgateway.server.provider;

import io.mlflowgateway.server.json.BodyScanner.Malformed;
import io.mlflowgateway.server.json.JsonCursor;
import io.mlflowgateway.server.query.Body.Kind;
import java.util.BitSet;

/** Whether a document that should be OpenAI's answer, or a chunk of one, needs mending; read in one pass without a tree. */
final class OddityScan {
    private static final int MOST_CHOICES = 1 << 16;

    private final JsonCursor json;
    private final String object;
    private final BitSet finished;
    private final BitSet ending = new BitSet();
    private boolean odd;
    private String id = "";
    private boolean named;
    private boolean dated;
    private boolean typed;
    private boolean hasChoices;

    private OddityScan(byte[] document, String object, BitSet finished) {
        this.json = new JsonCursor(document);
        this.object = object;
        this.finished = finished;
    }

    /**
     * Reads a document.
     *
     * @param object what its {@code object} should say
     * @param finished the choices that are finished already
     * @throws Malformed where it is not one JSON object, or its choices are no choices
     */
    static OddityScan of(byte[] document, String object, BitSet finished) throws Malformed {
        OddityScan scan = new OddityScan(document, object, finished);
        scan.read();
        return scan;
    }

    /** Its id; empty where it has none. */
    String id() {
        return id;
    }

    /** The choices that are finished by it. */
    BitSet ending() {
        return ending;
    }

    /** Whether it is an answer at all; what is none is not mended. */
    boolean isAnswer() {
        return hasChoices;
    }

    /** Whether something in it is not as OpenAI has it; {@code id} apart. */
    boolean isOdd() {
        return odd || !named || !dated || !typed;
    }

    private void read() throws Malformed {
        json.enterObject();
        while (json.nextMember()) {
            switch (json.name()) {
                case "id" -> id = json.skipText();
                case "model" -> named = !json.skipText().isEmpty();
                case "object" -> typed = isExpected(json.skipText());
                case "created" -> dated = skipped() == Kind.NUMBER;
                case "choices" -> readChoices();
                case "finish_reason" -> readEnd();
                default -> json.skip();
            }
        }
        json.end();
    }

    /** Together's completions say the end of their only choice beside it. */
    private void readEnd() throws Malformed {
        if (!json.skipText().isEmpty()) {
            odd = true;
            ending.set(0);
        }
    }

    /** Completions in chat form become text later, and say so then. */
    private boolean isExpected(String type) {
        return type.equals(object) || (object.equals("text_completion") && type.startsWith("chat.completion"));
    }

    private void readChoices() throws Malformed {
        hasChoices = json.kind() == Kind.ARRAY;
        if (!hasChoices) {
            json.skip();
            return;
        }
        json.enterArray();
        for (int position = 0; json.nextElement(); position++) {
            readChoice(position);
        }
    }

    private void readChoice(int position) throws Malformed {
        int index = position;
        boolean indexed = false;
        String reason = "";
        json.enterObject();
        while (json.nextMember()) {
            switch (json.name()) {
                case "index" -> {
                    index = json.skipIndex(position, MOST_CHOICES);
                    indexed = true;
                }
                case "finish_reason" -> reason = json.skipText();
                case "message", "delta" -> readMessage();
                default -> json.skip();
            }
        }
        if (!reason.isEmpty()) {
            ending.set(index);
        }
        odd |= !indexed || !FinishReasons.isOpenAis(reason) || (!reason.isEmpty() && finished.get(index));
    }

    private void readMessage() throws Malformed {
        if (json.kind() != Kind.OBJECT) {
            json.skip();
            return;
        }
        json.enterObject();
        while (json.nextMember()) {
            switch (json.name()) {
                case "content" -> odd |= skipped() == Kind.ARRAY;
                case "reasoning" -> odd |= skipped() == Kind.STRING;
                case "tool_calls" -> readToolCalls();
                default -> json.skip();
            }
        }
    }

    private void readToolCalls() throws Malformed {
        if (json.kind() != Kind.ARRAY) {
            json.skip();
            return;
        }
        json.enterArray();
        while (json.nextElement()) {
            json.enterObject();
            while (json.nextMember()) {
                if (json.name().equals("function")) {
                    readFunction();
                } else {
                    json.skip();
                }
            }
        }
    }

    private void readFunction() throws Malformed {
        json.enterObject();
        while (json.nextMember()) {
            boolean arguments = json.name().equals("arguments");
            odd |= skipped() == Kind.OBJECT && arguments;
        }
    }

    private Kind skipped() throws Malformed {
        Kind kind = json.kind();
        json.skip();
        return kind;
    }
}
