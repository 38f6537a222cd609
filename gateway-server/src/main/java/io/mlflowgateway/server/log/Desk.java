package io.mlflowgateway.server.log;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Where one thread writes its lines, and another takes them away. Neither ever waits: the sheet lies on the desk, or the
 * owner has it in hand, and then it is left for the next round.
 */
final class Desk {
    /** Bytes that wait at most, those of one thread. */
    static final int MOST_BYTES = 1024 * 1024;

    private static final Sheet IN_HAND = new Sheet();

    private final Thread owner;
    private final AtomicReference<Sheet> sheet = new AtomicReference<>(new Sheet());

    // Of the owner alone.
    private LineForm form;
    private Forms.Choice choice;

    // Of whoever collects.
    private Sheet spare = new Sheet();

    Desk(Thread owner, Forms.Choice choice) {
        this.owner = owner;
        this.choice = choice;
        this.form = choice.form();
    }

    /** Whether the line fitted. For the owner. */
    boolean write(Line line, Forms.Choice now) {
        if (choice != now) {
            choice = now;
            form = now.form();
        }
        Sheet mine = sheet.getAndSet(IN_HAND);
        if (mine == IN_HAND) {
            // What is being written logs itself.
            return false;
        }
        try {
            return mine.weight() <= MOST_BYTES && mine.add(line, form);
        } finally {
            sheet.set(mine);
        }
    }

    /** Whether nothing will be written here any more. */
    boolean isLeft() {
        return !owner.isAlive();
    }

    /** Whether nothing lies on it. For anyone; a sheet in the owner's hand is about to come back. */
    boolean isEmpty() {
        Sheet lying = Objects.requireNonNull(sheet.get());
        return lying != IN_HAND && lying.isEmpty();
    }

    /** What has been written by now; the same sheet is handed over until it is given back. For whoever collects. */
    Sheet collect() {
        Sheet lying = Objects.requireNonNull(sheet.get());
        if (lying != IN_HAND && !lying.isEmpty() && spare.isEmpty() && sheet.compareAndSet(lying, spare)) {
            spare = lying;
        }
        return spare;
    }

    /** All that was collected is written. */
    void giveBack() {
        if (spare.isLarge()) {
            spare = new Sheet();
        }
        spare.clear();
    }
}
