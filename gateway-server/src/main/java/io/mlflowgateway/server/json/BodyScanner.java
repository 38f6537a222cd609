package io.mlflowgateway.server.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import io.mlflowgateway.server.query.Body;
import io.mlflowgateway.server.query.Body.Kind;
import io.mlflowgateway.server.query.Body.Member;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Walks a JSON object once, to its last byte, and notes where its top-level members stand. Builds no tree and no strings
 * but the members' names. Thread-safe.
 */
public final class BodyScanner {
    /** Members an object may have at its top level, and the objects in it that are open at once. */
    public static final int MAX_MEMBERS = 10_000;

    private static final int MAX_EXPONENT_DIGITS = 4;

    private BodyScanner() {}

    /** Why bytes are not a JSON object that may pass. */
    public static final class Malformed extends Exception {
        private static final long serialVersionUID = 1L;

        /** What is wrong. */
        public enum Reason {
            /** Nothing but white space. */
            EMPTY,
            /** Not JSON, or not UTF-8. */
            SYNTAX,
            /** JSON, but not an object. */
            NOT_AN_OBJECT,
            /** Too deep, a number or a name too long. */
            BOUND,
            /** A member name stands twice. */
            DUPLICATE
        }

        private final Reason reason;
        private final long offset;

        Malformed(Reason reason, long offset, String message) {
            super(message, null, false, false);
            this.reason = reason;
            this.offset = offset;
        }

        public Reason reason() {
            return reason;
        }

        /** Byte offset of the trouble, or 0. */
        public long offset() {
            return offset;
        }

        /** Safe to show: quotes nothing of the document. */
        @Override
        public String getMessage() {
            String message = super.getMessage();
            return message == null ? "" : message;
        }
    }

    /**
     * Scans what a caller sent. A name that stands twice in an object is refused at any depth: of two readers one would
     * take the first value, the other the last.
     *
     * @param json the document; the body keeps this very array
     * @throws Malformed where it is not one JSON object, or breaks a bound of {@link Json}
     */
    public static Body scan(byte[] json) throws Malformed {
        return scan(json, new NamesByDepth(true));
    }

    /**
     * Scans what a provider answered, as {@link #scan(byte[])}, but for names that stand twice below the top level:
     * nobody checks those, and a good answer is not lost for them.
     */
    public static Body scanAnswer(byte[] json) throws Malformed {
        return scan(json, new NamesByDepth(false));
    }

    private static Body scan(byte[] json, NamesByDepth inner) throws Malformed {
        requireUtf8(json);
        try (JsonParser parser = Json.FACTORY.createParser(json)) {
            return scan(json, parser, inner);
        } catch (StreamConstraintsException e) {
            throw new Malformed(Malformed.Reason.BOUND, offset(e), e.getOriginalMessage());
        } catch (JsonProcessingException e) {
            long at = offset(e);
            throw new Malformed(Malformed.Reason.SYNTAX, at, "not valid JSON at byte " + at);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Jackson guesses the encoding from the first bytes, and lets overlong forms pass. */
    private static void requireUtf8(byte[] json) throws Malformed {
        int broken = Utf8.firstBroken(json);
        if (broken >= 0) {
            throw new Malformed(Malformed.Reason.SYNTAX, broken, "not valid UTF-8 at byte " + broken);
        }
        boolean byteOrderMark = json.length > 0 && json[0] == (byte) 0xEF;
        for (int i = 0; i < Math.min(4, json.length); i++) {
            if (byteOrderMark || json[i] == 0) {
                throw new Malformed(Malformed.Reason.SYNTAX, i, "not valid JSON at byte " + i);
            }
        }
    }

    private static Body scan(byte[] json, JsonParser parser, NamesByDepth inner) throws IOException, Malformed {
        JsonToken first = parser.nextToken();
        if (first == null) {
            throw new Malformed(Malformed.Reason.EMPTY, 0, "empty");
        }
        List<Member> members = new ArrayList<>();
        if (first == JsonToken.START_OBJECT) {
            readMembers(parser, members, inner);
        } else {
            skipValue(parser, first, inner);
        }
        if (parser.nextToken() != null) {
            long at = parser.currentTokenLocation().getByteOffset();
            throw new Malformed(Malformed.Reason.SYNTAX, at, "more after the end of the JSON document at byte " + at);
        }
        if (first != JsonToken.START_OBJECT) {
            throw new Malformed(Malformed.Reason.NOT_AN_OBJECT, 0, "not a JSON object");
        }
        return new Body(json, members);
    }

    private static void readMembers(JsonParser parser, List<Member> members, NamesByDepth inner)
            throws IOException, Malformed {
        Set<String> names = new HashSet<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            int nameStart = (int) parser.currentTokenLocation().getByteOffset();
            if (!names.add(name)) {
                throw twice(nameStart);
            }
            if (names.size() > MAX_MEMBERS) {
                throw tooMany(nameStart);
            }
            JsonToken token = parser.nextToken();
            int start = (int) parser.currentTokenLocation().getByteOffset();
            skipValue(parser, token, inner);
            int end = (int) parser.currentLocation().getByteOffset();
            members.add(new Member(name, nameStart, start, end, kind(token)));
        }
    }

    private static void checkName(JsonParser parser, int depth, NamesByDepth inner) throws IOException, Malformed {
        if (!inner.isNew(depth, parser.currentName())) {
            throw twice(parser.currentTokenLocation().getByteOffset());
        }
        if (inner.held() > MAX_MEMBERS) {
            throw tooMany(parser.currentTokenLocation().getByteOffset());
        }
    }

    private static Malformed tooMany(long offset) {
        return new Malformed(Malformed.Reason.BOUND, offset, "more than " + MAX_MEMBERS + " members");
    }

    private static Malformed twice(long offset) {
        return new Malformed(Malformed.Reason.DUPLICATE, offset, "a member name stands twice");
    }

    private static void skipValue(JsonParser parser, JsonToken first, NamesByDepth inner)
            throws IOException, Malformed {
        JsonToken token = first;
        int depth = 0;
        while (true) {
            if (token.isStructStart()) {
                depth++;
                inner.begin(depth);
            } else if (token.isStructEnd()) {
                inner.end(depth);
                depth--;
            } else if (token == JsonToken.FIELD_NAME) {
                checkName(parser, depth, inner);
            } else if (token == JsonToken.VALUE_NUMBER_FLOAT) {
                boundExponent(parser);
            }
            if (depth == 0) {
                parser.finishToken();
                return;
            }
            token = parser.nextToken();
        }
    }

    /** A few bytes like {@code 1e999999999} can cost whoever works with the number gigabytes. */
    private static void boundExponent(JsonParser parser) throws IOException, Malformed {
        char[] text = parser.getTextCharacters();
        int from = parser.getTextOffset();
        int at = from + parser.getTextLength() - 1;
        int digits = 0;
        while (at >= from && text[at] >= '0' && text[at] <= '9') {
            at--;
            digits++;
        }
        boolean exponent = at >= from && text[at] != '.';
        if (exponent && digits > MAX_EXPONENT_DIGITS) {
            long offset = Math.max(0, parser.currentTokenLocation().getByteOffset());
            throw new Malformed(Malformed.Reason.BOUND, offset, "a number's exponent is out of bounds");
        }
    }

    private static Kind kind(JsonToken token) {
        return switch (token) {
            case START_OBJECT -> Kind.OBJECT;
            case START_ARRAY -> Kind.ARRAY;
            case VALUE_STRING -> Kind.STRING;
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> Kind.NUMBER;
            case VALUE_TRUE, VALUE_FALSE -> Kind.BOOLEAN;
            default -> Kind.NULL;
        };
    }

    private static long offset(JsonProcessingException e) {
        return e.getLocation() == null ? 0 : Math.max(0, e.getLocation().getByteOffset());
    }
}
