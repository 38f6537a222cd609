package io.mlflowgateway.server.provider;

import java.util.BitSet;

/** The choices of one answer so far: which have come, and which of them are not finished. */
final class OpenChoices {
    private final BitSet seen = new BitSet();
    private final BitSet open = new BitSet();

    /** Notes what a document says of a choice; the last word counts. */
    void saw(int index, boolean finished) {
        seen.set(index);
        open.set(index, !finished);
    }

    /** Whether at least so many have come, and all that came are finished. */
    boolean finished(int asked) {
        return open.isEmpty() && seen.cardinality() >= asked;
    }
}
