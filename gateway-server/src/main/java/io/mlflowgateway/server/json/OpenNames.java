package io.mlflowgateway.server.json;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The member names of the objects that a reader is inside of, to find the one that stands twice. Of one document and one
 * thread. A few names are compared where they stand, without strings; an object with more of them, or with one that is
 * escaped, gets a set, which stays fast whoever chose the names.
 */
final class OpenNames {
    private static final int FEW = 16;
    private static final int[] NONE = {};
    private static final long[] NO_KEYS = {};
    private static final @Nullable Set<String>[] NO_SETS = sets(0);

    private final byte[] json;

    // The names of all open objects that have few, innermost last: where each begins and ends, and its first bytes.
    private int[] starts = NONE;
    private int[] ends = NONE;
    private long[] keys = NO_KEYS;
    private int few;

    // By object, outermost first: how many names stood here when it began; its set if it has one.
    private int[] begun = NONE;
    private @Nullable Set<String>[] sets = NO_SETS;
    private int open;
    private int held;
    private int heldByFirst;

    OpenNames(byte[] json) {
        this.json = json;
    }

    /** An object begins. */
    void begin() {
        if (open == begun.length) {
            begun = Arrays.copyOf(begun, open + 8);
            sets = Arrays.copyOf(sets, open + 8);
        }
        begun[open++] = few;
    }

    /** The object that began last has ended. */
    void end() {
        open--;
        Set<String> set = sets[open];
        held -= set == null ? few - begun[open] : set.size();
        few = begun[open];
        sets[open] = null;
    }

    /**
     * Whether the object that began last has not had the name yet; it has now.
     *
     * @param start offset after the name's opening quote
     * @param end offset of its closing quote
     * @param key its {@linkplain Words#first first bytes}; no name in JSON has a zero byte
     */
    boolean isNew(int start, int end, boolean escaped, long key) {
        Set<String> set = sets[open - 1];
        if (set == null && (escaped || few - begun[open - 1] == FEW)) {
            set = setOfFew();
        }
        boolean added = set == null ? added(start, end, key) : set.add(Json.text(json, start, end));
        if (added) {
            held++;
            heldByFirst += open == 1 ? 1 : 0;
        }
        return added;
    }

    /** How many names the first object has. */
    int heldByFirst() {
        return heldByFirst;
    }

    /** How many names the objects inside the first one have, those that are open. */
    int heldByOthers() {
        return held - heldByFirst;
    }

    private boolean added(int start, int end, long key) {
        for (int i = begun[open - 1]; i < few; i++) {
            if (keys[i] == key && Arrays.equals(json, starts[i], ends[i], json, start, end)) {
                return false;
            }
        }
        if (few == starts.length) {
            int room = Math.max(FEW, few * 2);
            starts = Arrays.copyOf(starts, room);
            ends = Arrays.copyOf(ends, room);
            keys = Arrays.copyOf(keys, room);
        }
        starts[few] = start;
        ends[few] = end;
        keys[few++] = key;
        return true;
    }

    private Set<String> setOfFew() {
        Set<String> set = new HashSet<>();
        for (int i = begun[open - 1]; i < few; i++) {
            set.add(Json.text(json, starts[i], ends[i]));
        }
        few = begun[open - 1];
        sets[open - 1] = set;
        return set;
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static @Nullable Set<String>[] sets(int length) {
        return new Set[length];
    }
}
