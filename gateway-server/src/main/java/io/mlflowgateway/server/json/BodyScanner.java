package io.mlflowgateway.server.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import io.mlflowgateway.server.query.Body;
import io.mlflowgateway.server.query.Body.Kind;
import io.mlflowgateway.server.query.Body.Member;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Walks a JSON object once, to its last byte, and notes where its top-level members stand. Builds no tree and no strings
 * but the members' names.
 */
public final class BodyScanner {
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
     * Scans a whole document.
     *
     * @param json the document; the body keeps this very array
     * @throws Malformed where it is not one JSON object, or breaks a bound of {@link Json}
     */
    public static Body scan(byte[] json) throws Malformed {
        try (JsonParser parser = Json.FACTORY.createParser(json)) {
            return scan(json, parser);
        } catch (StreamConstraintsException e) {
            throw new Malformed(Malformed.Reason.BOUND, offset(e), e.getOriginalMessage());
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new Malformed(Malformed.Reason.SYNTAX, offset(e), "not valid JSON at byte " + offset(e));
        } catch (IOException e) {
            // An array cannot fail to be read; Jackson reports broken UTF-8 this way.
            if (e instanceof java.io.CharConversionException) {
                throw new Malformed(Malformed.Reason.SYNTAX, 0, "not valid UTF-8");
            }
            throw new UncheckedIOException(e);
        }
    }

    private static Body scan(byte[] json, JsonParser parser) throws IOException, Malformed {
        JsonToken first = parser.nextToken();
        if (first == null) {
            throw new Malformed(Malformed.Reason.EMPTY, 0, "empty");
        }
        List<Member> members = new ArrayList<>();
        if (first == JsonToken.START_OBJECT) {
            readMembers(parser, members);
        } else {
            parser.skipChildren();
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

    private static void readMembers(JsonParser parser, List<Member> members) throws IOException, Malformed {
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            int nameStart = (int) parser.currentTokenLocation().getByteOffset();
            for (Member earlier : members) {
                if (earlier.name().equals(name)) {
                    throw new Malformed(Malformed.Reason.DUPLICATE, nameStart, "a member name stands twice");
                }
            }
            JsonToken token = parser.nextToken();
            int start = (int) parser.currentTokenLocation().getByteOffset();
            parser.skipChildren();
            parser.finishToken();
            int end = (int) parser.currentLocation().getByteOffset();
            members.add(new Member(name, nameStart, start, end, kind(token)));
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

    private static long offset(com.fasterxml.jackson.core.JsonProcessingException e) {
        return e.getLocation() == null ? 0 : Math.max(0, e.getLocation().getByteOffset());
    }
}
