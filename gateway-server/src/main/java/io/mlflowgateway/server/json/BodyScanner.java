package io.mlflowgateway.server.json;

import io.mlflowgateway.server.json.JsonCursor.Unique;
import io.mlflowgateway.server.query.Body;
import io.mlflowgateway.server.query.Body.Kind;
import io.mlflowgateway.server.query.Body.Member;
import java.util.ArrayList;
import java.util.List;

/**
 * Walks a JSON object once, to its last byte, and notes where its top-level members stand. Builds no tree and no strings
 * but the members' names. Thread-safe.
 */
public final class BodyScanner {
    /** Members an object may have at its top level, and the objects in it that are open at once. */
    public static final int MAX_MEMBERS = 10_000;

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

        static Malformed syntax(int offset) {
            return new Malformed(Reason.SYNTAX, offset, "not valid JSON at byte " + offset);
        }

        static Malformed bound(int offset, String message) {
            return new Malformed(Reason.BOUND, offset, message);
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
        return scan(json, Unique.EVERYWHERE);
    }

    /**
     * Scans what a provider answered, as {@link #scan(byte[])}, but for names that stand twice below the top level:
     * nobody checks those, and a good answer is not lost for them.
     */
    public static Body scanAnswer(byte[] json) throws Malformed {
        return scan(json, Unique.OUTERMOST);
    }

    private static Body scan(byte[] json, Unique unique) throws Malformed {
        JsonCursor cursor = new JsonCursor(json, unique);
        if (cursor.isAtEnd()) {
            throw new Malformed(Malformed.Reason.EMPTY, 0, "empty");
        }
        if (cursor.kind() != Kind.OBJECT) {
            cursor.skip();
            cursor.end();
            throw new Malformed(Malformed.Reason.NOT_AN_OBJECT, 0, "not a JSON object");
        }
        List<Member> members = members(cursor);
        cursor.end();
        return new Body(json, members);
    }

    private static List<Member> members(JsonCursor cursor) throws Malformed {
        List<Member> members = new ArrayList<>();
        cursor.enterObject();
        while (cursor.nextMember()) {
            String name = cursor.name();
            int nameStart = cursor.nameOffset();
            int start = cursor.offset();
            Kind kind = cursor.kind();
            cursor.skip();
            members.add(new Member(name, nameStart, start, cursor.offset(), kind));
        }
        return members;
    }
}
