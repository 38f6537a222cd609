package io.mlflowgateway.langchain4j.internal;

/** An answer does not have the shape it should. Caught where the call it belongs to is known. */
final class UnreadableAnswer extends RuntimeException {

    UnreadableAnswer(String reason) {
        super(reason);
    }

    String reason() {
        return String.valueOf(getMessage());
    }
}
