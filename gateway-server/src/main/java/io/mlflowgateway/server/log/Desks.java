package io.mlflowgateway.server.log;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A desk for each thread that logs, for as long as it lives. */
final class Desks {
    private final Forms forms;
    private final List<Desk> all = new CopyOnWriteArrayList<>();
    private final ThreadLocal<Desk> mine = ThreadLocal.withInitial(this::open);

    Desks(Forms forms) {
        this.forms = forms;
    }

    private Desk open() {
        Desk desk = new Desk(Thread.currentThread(), forms.now());
        all.add(desk);
        return desk;
    }

    /** Whether the line will be written. Never waits. */
    boolean write(Line line) {
        return mine.get().write(line, forms.now());
    }

    /** Whether there is nothing to collect, and nobody is about to leave something. */
    boolean areEmpty() {
        for (Desk desk : all) {
            if (!desk.isEmpty()) {
                return false;
            }
        }
        return true;
    }

    /** What all have written by now, in the order of its moments. For one thread. */
    void collect(Batch batch) {
        List<Desk> desks = new ArrayList<>(all);
        List<Pile> piles = new ArrayList<>();
        for (Desk desk : desks) {
            // Asked first: the last line of a thread is collected.
            boolean left = desk.isLeft();
            Sheet sheet = desk.collect();
            if (!sheet.isEmpty()) {
                piles.add(new Pile(sheet));
            } else if (left) {
                all.remove(desk);
            }
        }
        Pile.merge(piles, batch);
        desks.forEach(Desk::giveBack);
    }
}
