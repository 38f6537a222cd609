package io.mlflowgateway.langchain4j.internal;

/** An answer came, and does not hold what was asked for. Caught where the call it belongs to is known. */
final class WithheldAnswer extends RuntimeException {

    /** Who withholds it. */
    enum By {
        /** The model, in its own words. */
        MODEL,
        /** The server, which leaves out what it cannot forward. */
        SERVER
    }

    private final By by;

    WithheldAnswer(By by, String reason) {
        super(reason);
        this.by = by;
    }

    By by() {
        return by;
    }

    String reason() {
        return String.valueOf(getMessage());
    }
}
