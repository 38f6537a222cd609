package io.mlflowgateway.samples.localmodel;

import java.util.List;
import java.util.function.Predicate;

/** A model that continues a text. Safe for use by many threads; one generation runs at a time, the others wait. */
public interface TextModel extends AutoCloseable {

    /** Why a generation ended. {@link #LEFT} means that the reader of the pieces wanted no more. */
    enum End {
        STOP,
        LENGTH,
        LEFT
    }

    /**
     * What to continue, and how.
     *
     * @param maxTokens at most this many tokens are made, at least 1
     * @param temperature 0 is greedy: the same prompt gives the same text
     * @param stops generation ends before any of these; none of them is part of the text
     */
    record Continuation(String prompt, int maxTokens, double temperature, double topP, List<String> stops) {
        public Continuation {
            stops = List.copyOf(stops);
        }
    }

    String name();

    /** The most tokens that prompt and answer may have together. */
    int contextTokens();

    int countTokens(String text);

    /**
     * Generates on the calling thread.
     *
     * @param pieces gets every piece as it is made; answers whether it wants more
     */
    End generate(Continuation continuation, Predicate<String> pieces);

    @Override
    void close();
}
