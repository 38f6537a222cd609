package io.mlflowgateway.server.json;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The member names of the objects a reader is inside of, one set for each level. Of one document and one thread. Sets
 * are kept for the next object of their level, unless they have grown: emptying a large one costs as much as filling it.
 */
final class NamesByDepth {
    private static final int SMALL = 64;

    private final boolean remembers;
    private final List<Set<String>> open = new ArrayList<>();
    private int held;

    /** @param remembers otherwise every name is new */
    NamesByDepth(boolean remembers) {
        this.remembers = remembers;
    }

    /**
     * An object or a list begins.
     *
     * @param depth from 1; at most one deeper than any that has begun before
     */
    void begin(int depth) {
        if (open.size() < depth) {
            open.add(new HashSet<>());
        }
    }

    /** Whether the object at this depth has not had the name yet; it has now. */
    boolean isNew(int depth, String name) {
        if (!remembers) {
            return true;
        }
        boolean added = open.get(depth - 1).add(name);
        held += added ? 1 : 0;
        return added;
    }

    /** The object or list that began last at this depth has ended. */
    void end(int depth) {
        Set<String> names = open.get(depth - 1);
        held -= names.size();
        if (names.size() > SMALL) {
            open.set(depth - 1, new HashSet<>());
        } else {
            names.clear();
        }
    }

    /** How many names the objects still open have. */
    int held() {
        return held;
    }
}
