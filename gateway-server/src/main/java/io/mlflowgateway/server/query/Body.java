package io.mlflowgateway.server.query;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
        private final Map<String, Optional<byte[]>> changes = new LinkedHashMap<>();

        private Edit() {}

        /**
         * Puts a value in place of the member's present one, or adds the member.
         *
         * @param json the value as JSON text, no white space around it
         */
        public Edit set(String name, String json) {
            changes.put(name, Optional.of(json.getBytes(StandardCharsets.UTF_8)));
            return this;
        }

        /** Takes the member away if it is there. */
        public Edit remove(String name) {
            changes.put(name, Optional.empty());
            return this;
        }

        /** The changed object. The original bytes themselves when no change was asked for. */
        public byte[] toBytes() {
            return changes.isEmpty() ? bytes : written(new ArrayList<>());
        }

        /** The changed object with where its members stand now: it need not be scanned again. */
        public Body toBody() {
            if (changes.isEmpty()) {
                return Body.this;
            }
            List<Member> standing = new ArrayList<>(members.size());
            byte[] changed = written(standing);
            return new Body(changed, standing);
        }

        private byte[] written(List<Member> standing) {
            ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length + 64);
            Map<String, Optional<byte[]>> left = new LinkedHashMap<>(changes);
            for (Member member : members) {
                Optional<byte[]> change = left.remove(member.name());
                if (change == null) {
                    out.write(standing.isEmpty() ? '{' : ',');
                    standing.add(copied(member, out));
                } else if (change.isPresent()) {
                    out.write(standing.isEmpty() ? '{' : ',');
                    int nameStart = out.size();
                    out.write(bytes, member.nameStart(), member.start() - member.nameStart());
                    standing.add(valued(member.name(), nameStart, change.get(), out));
                }
            }
            for (Map.Entry<String, Optional<byte[]>> added : left.entrySet()) {
                if (added.getValue().isPresent()) {
                    out.write(standing.isEmpty() ? '{' : ',');
                    int nameStart = out.size();
                    out.writeBytes(('"' + added.getKey() + "\":").getBytes(StandardCharsets.UTF_8));
                    standing.add(
                            valued(added.getKey(), nameStart, added.getValue().get(), out));
                }
            }
            if (standing.isEmpty()) {
                out.write('{');
            }
            out.write('}');
            return out.toByteArray();
        }

        private Member copied(Member member, ByteArrayOutputStream out) {
            int moved = out.size() - member.nameStart();
            out.write(bytes, member.nameStart(), member.end() - member.nameStart());
            return new Member(
                    member.name(), member.nameStart() + moved, member.start() + moved, out.size(), member.kind());
        }

        private Member valued(String name, int nameStart, byte[] json, ByteArrayOutputStream out) {
            int start = out.size();
            out.writeBytes(json);
            return new Member(name, nameStart, start, out.size(), kindOf(json[0]));
        }
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
