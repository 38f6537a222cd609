package io.mlflowgateway.server.log;

import java.util.List;

/** The lines of one sheet that are not yet in the batch. */
final class Pile {
    private final Sheet sheet;
    private int line;

    Pile(Sheet sheet) {
        this.sheet = sheet;
    }

    /** Puts all lines into the batch, the earlier one first. */
    static void merge(List<Pile> piles, Batch batch) {
        while (!piles.isEmpty()) {
            Pile first = piles.get(0);
            for (Pile pile : piles) {
                first = pile.moment() < first.moment() ? pile : first;
            }
            if (!first.moveTo(batch)) {
                piles.remove(first);
            }
        }
    }

    private long moment() {
        return sheet.moment(line);
    }

    /** Whether there are more. */
    private boolean moveTo(Batch batch) {
        batch.add(sheet, line);
        line++;
        return line < sheet.lines();
    }
}
