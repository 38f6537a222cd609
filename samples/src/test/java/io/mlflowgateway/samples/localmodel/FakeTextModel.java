package io.mlflowgateway.samples.localmodel;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Predicate;

/** Says the pieces it was given; a word counts as a token. Remembers the last prompt. */
final class FakeTextModel implements TextModel {
    final CountDownLatch left = new CountDownLatch(1);
    volatile Continuation asked = new Continuation("", 1, 0, 1, List.of());

    private final List<String> pieces;
    private final boolean endless;

    private FakeTextModel(List<String> pieces, boolean endless) {
        this.pieces = pieces;
        this.endless = endless;
    }

    static FakeTextModel saying(String... pieces) {
        return new FakeTextModel(List.of(pieces), false);
    }

    /** Goes on until its reader wants no more. */
    static FakeTextModel neverEnding(String piece) {
        return new FakeTextModel(List.of(piece), true);
    }

    @Override
    public String name() {
        return "fake";
    }

    @Override
    public int contextTokens() {
        return 200;
    }

    @Override
    public int countTokens(String text) {
        return text.split("\\s+").length;
    }

    @Override
    public End generate(Continuation continuation, Predicate<String> reader) {
        asked = continuation;
        int made = 0;
        do {
            for (String piece : pieces) {
                if (piece.equals("crash")) {
                    throw new IllegalStateException("the model crashed");
                }
                if (made++ == continuation.maxTokens() && !endless) {
                    return End.LENGTH;
                }
                if (!reader.test(piece)) {
                    left.countDown();
                    return End.LEFT;
                }
            }
        } while (endless);
        return End.STOP;
    }

    @Override
    public void close() {}
}
