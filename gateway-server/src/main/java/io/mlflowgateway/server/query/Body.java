package io.mlflowgateway.server.query;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A JSON object kept as the bytes it came in, with where its top-level members stand. A scan has checked the bytes to
 * the end, so a body is always well-formed UTF-8 JSON; no member name occurs twice.
 *
 * <p>Changing a member copies bytes and never looks inside the others: rewriting one word of a 10 KB prompt costs a copy,
 * not a tree. Instances are immutable; callers must not write to {@link #bytes()}.
 */
public final class Body {
    private static final byte[] OPENING = {'{'};
    private static final byte[] COMMA = {','};
    private static final byte[] CLOSING = {'}'};
    private static final int GONE = -1;

    /** Changes that are found faster by looking at each. */
    private static final int FEW = 16;

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

    /** Starts a list of changes. Nothing is copied until the bytes are asked for, or written. */
    public Edit edit() {
        return new Edit();
    }

    @Override
    public String toString() {
        return "Body[" + bytes.length + " bytes, " + members.size() + " members]";
    }

    /** Changes to be made to a body in at most one copy. Names keep their place; new ones go to the end. */
    public final class Edit {
        /** A value in place of a member's, or none: the member goes. */
        private record Change(String name, Optional<byte[]> json) {}

        private final List<Change> changes = new ArrayList<>(4);

        /** Where changes stand, once they are more than a few: a caller's body may have thousands of members to take out. */
        private Map<String, Integer> places = Map.of();

        private Edit() {}

        /**
         * Puts a value in place of the member's present one, or adds the member.
         *
         * @param json the value as JSON text, no white space around it
         */
        public Edit set(String name, String json) {
            return set(name, json.getBytes(StandardCharsets.UTF_8));
        }

        /** The same with the value as UTF-8. Keeps the array: the caller hands it over. */
        public Edit set(String name, byte[] json) {
            return change(new Change(name, Optional.of(json)));
        }

        /** Takes the member away if it is there. */
        public Edit remove(String name) {
            return change(new Change(name, Optional.empty()));
        }

        private Edit change(Change next) {
            int place = place(next.name());
            if (place != GONE) {
                changes.set(place, next);
                return this;
            }
            changes.add(next);
            if (changes.size() > FEW) {
                remember(changes.size() == FEW + 1 ? 0 : changes.size() - 1);
            }
            return this;
        }

        private void remember(int from) {
            places = from == 0 ? new HashMap<>() : places;
            for (int i = from; i < changes.size(); i++) {
                places.put(changes.get(i).name(), i);
            }
        }

        private int place(String name) {
            if (changes.size() > FEW) {
                return places.getOrDefault(name, GONE);
            }
            for (int i = 0; i < changes.size(); i++) {
                if (changes.get(i).name().equals(name)) {
                    return i;
                }
            }
            return GONE;
        }

        /** The changed object. The original bytes themselves when no change was asked for. */
        public byte[] toBytes() {
            return toPayload().toBytes();
        }

        /** The changed object: parts of the original, as long as they can be, and what stands between them. Copies nothing. */
        public Payload toPayload() {
            return changes.isEmpty() ? Payload.of(bytes) : joined(member -> {});
        }

        /** The changed object with where its members stand now: it need not be scanned again. */
        public Body toBody() {
            if (changes.isEmpty()) {
                return Body.this;
            }
            List<Member> standing = new ArrayList<>(members.size() + changes.size());
            return new Body(joined(standing::add).toBytes(), standing);
        }

        private Payload joined(Consumer<Member> standing) {
            Payload.Joiner joined = new Payload.Joiner();
            addKept(joined, standing);
            addNew(joined, standing);
            if (joined.length() == 0) {
                joined.add(OPENING);
            }
            joined.add(CLOSING);
            return joined.toPayload();
        }

        private void addKept(Payload.Joiner joined, Consumer<Member> standing) {
            int from = GONE; // where what came with the member begins
            for (Member member : members) {
                Optional<Change> change = changeOf(member.name());
                if (change.isPresent() && change.get().json().isEmpty()) {
                    from = GONE;
                    continue;
                }
                if (from == GONE) {
                    joined.add(joined.length() == 0 ? OPENING : COMMA);
                    from = member.nameStart();
                }
                int name = joined.length() + member.nameStart() - from;
                joined.add(bytes, from, member.start());
                if (change.isPresent()) {
                    addValue(change.get(), name, joined, standing);
                } else {
                    int start = joined.length();
                    joined.add(bytes, member.start(), member.end());
                    standing.accept(new Member(member.name(), name, start, joined.length(), member.kind()));
                }
                from = member.end();
            }
        }

        private void addNew(Payload.Joiner joined, Consumer<Member> standing) {
            for (Change change : changes) {
                if (change.json().isPresent() && !has(change.name())) {
                    joined.add(joined.length() == 0 ? OPENING : COMMA);
                    int name = joined.length();
                    joined.add(('"' + change.name() + "\":").getBytes(StandardCharsets.UTF_8));
                    addValue(change, name, joined, standing);
                }
            }
        }

        private void addValue(Change change, int name, Payload.Joiner joined, Consumer<Member> standing) {
            byte[] json = change.json().orElseThrow();
            int start = joined.length();
            joined.add(json);
            standing.accept(new Member(change.name(), name, start, joined.length(), kindOf(json[0])));
        }

        private Optional<Change> changeOf(String name) {
            int place = place(name);
            return place == GONE ? Optional.empty() : Optional.of(changes.get(place));
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
