package io.mlflowgateway.server.query;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A JSON object kept as the bytes it came in, with where its top-level members stand. A scan has checked the bytes to
 * the end, so a body is always well-formed UTF-8 JSON; no member name occurs twice.
 *
 * <p>Changing a member copies bytes and never looks inside the others: rewriting one word of a 10 KB prompt costs a copy,
 * not a tree. Instances are immutable; callers must not write to {@link #bytes()}.
 */
public final class Body {

    /** What a member's value is, as far as its first byte tells. */
    public enum Kind {
        OBJECT,
        ARRAY,
        STRING,
        NUMBER,
        BOOLEAN,
        NULL
    }

    /**
     * One top-level member.
     *
     * @param name the member's name, unescaped
     * @param nameStart offset of the opening quote of the name
     * @param start offset of the value's first byte
     * @param end offset after the value's last byte
     * @param kind what the value is
     */
    public record Member(String name, int nameStart, int start, int end, Kind kind) {}

    private final byte[] bytes;
    private final List<Member> members;

    /** Keeps the array: the caller hands it over. */
    public Body(byte[] bytes, List<Member> members) {
        this.bytes = bytes;
        this.members = List.copyOf(members);
    }

    /** The whole object as UTF-8. Not a copy. */
    public byte[] bytes() {
        return bytes;
    }

    /** The members in the order they came. */
    public List<Member> members() {
        return members;
    }

    /** The member of this name, if there is one. */
    public Optional<Member> member(String name) {
        for (Member member : members) {
            if (member.name().equals(name)) {
                return Optional.of(member);
            }
        }
        return Optional.empty();
    }

    /** Whether there is a member of this name, whatever its value. */
    public boolean has(String name) {
        return member(name).isPresent();
    }

    /** The raw JSON text of a member's value. */
    public String raw(Member member) {
        return new String(bytes, member.start(), member.end() - member.start(), StandardCharsets.UTF_8);
    }

    /** Starts a list of changes. Nothing is copied until {@link Edit#toBytes()}. */
    public Edit edit() {
        return new Edit();
    }

    @Override
    public String toString() {
        return "Body[" + bytes.length + " bytes, " + members.size() + " members]";
    }

    /** Changes to be made to a body in one copy. Names keep their place; new ones go to the end. */
    public final class Edit {
        /** A value in place of a member's, or none: the member goes. */
        private record Change(String name, Optional<byte[]> json) {}

        /** A member as it will stand: its name with what is before its value, and the value. */
        private record Part(String name, byte[] head, int headFrom, int headTo, byte[] json, int from, int to) {}

        private final List<Change> changes = new ArrayList<>(4);

        private Edit() {}

        /**
         * Puts a value in place of the member's present one, or adds the member.
         *
         * @param json the value as JSON text, no white space around it
         */
        public Edit set(String name, String json) {
            return change(new Change(name, Optional.of(json.getBytes(StandardCharsets.UTF_8))));
        }

        /** Takes the member away if it is there. */
        public Edit remove(String name) {
            return change(new Change(name, Optional.empty()));
        }

        private Edit change(Change next) {
            for (int i = 0; i < changes.size(); i++) {
                if (changes.get(i).name().equals(next.name())) {
                    changes.set(i, next);
                    return this;
                }
            }
            changes.add(next);
            return this;
        }

        /** The changed object. The original bytes themselves when no change was asked for. */
        public byte[] toBytes() {
            return changes.isEmpty() ? bytes : written(new ArrayList<>(members.size() + changes.size()));
        }

        /** The changed object with where its members stand now: it need not be scanned again. */
        public Body toBody() {
            if (changes.isEmpty()) {
                return Body.this;
            }
            List<Member> standing = new ArrayList<>(members.size() + changes.size());
            byte[] changed = written(standing);
            return new Body(changed, standing);
        }

        private byte[] written(List<Member> standing) {
            List<Part> parts = parts();
            byte[] out = new byte[length(parts)];
            int at = 0;
            for (Part part : parts) {
                out[at++] = ',';
                int start = copied(part.head(), part.headFrom(), part.headTo(), out, at);
                int end = copied(part.json(), part.from(), part.to(), out, start);
                standing.add(new Member(part.name(), at, start, end, kindOf(out[start])));
                at = end;
            }
            out[0] = '{';
            out[out.length - 1] = '}';
            return out;
        }

        private List<Part> parts() {
            List<Part> parts = new ArrayList<>(members.size() + changes.size());
            for (Member member : members) {
                Optional<Change> change = changeOf(member.name());
                if (change.isEmpty()) {
                    parts.add(part(member, bytes, member.start(), member.end()));
                } else {
                    change.get().json().ifPresent(json -> parts.add(part(member, json, 0, json.length)));
                }
            }
            for (Change change : changes) {
                if (change.json().isPresent() && !has(change.name())) {
                    byte[] name = ('"' + change.name() + "\":").getBytes(StandardCharsets.UTF_8);
                    byte[] json = change.json().get();
                    parts.add(new Part(change.name(), name, 0, name.length, json, 0, json.length));
                }
            }
            return parts;
        }

        private Part part(Member member, byte[] json, int from, int to) {
            return new Part(member.name(), bytes, member.nameStart(), member.start(), json, from, to);
        }

        /** One byte before each member, a brace or a comma, and a brace at the end. */
        private static int length(List<Part> parts) {
            int length = parts.isEmpty() ? 2 : 1;
            for (Part part : parts) {
                length += 1 + part.headTo() - part.headFrom() + part.to() - part.from();
            }
            return length;
        }

        private Optional<Change> changeOf(String name) {
            for (Change change : changes) {
                if (change.name().equals(name)) {
                    return Optional.of(change);
                }
            }
            return Optional.empty();
        }
    }

    private static int copied(byte[] from, int start, int end, byte[] to, int at) {
        System.arraycopy(from, start, to, at, end - start);
        return at + end - start;
    }

    private static Kind kindOf(byte first) {
        return switch (first) {
            case '{' -> Kind.OBJECT;
            case '[' -> Kind.ARRAY;
            case '"' -> Kind.STRING;
            case 't', 'f' -> Kind.BOOLEAN;
            case 'n' -> Kind.NULL;
            default -> Kind.NUMBER;
        };
    }
}
