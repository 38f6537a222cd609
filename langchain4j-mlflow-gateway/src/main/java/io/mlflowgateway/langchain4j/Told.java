package io.mlflowgateway.langchain4j;

import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells listeners. What one of them throws is no business of the call, nor of the others. */
final class Told {

    private static final Logger LOG = LoggerFactory.getLogger(Told.class);

    private Told() {}

    static <L> void to(L listener, Consumer<L> word) {
        try {
            word.accept(listener);
        } catch (Exception thrown) {
            LOG.warn("A listener failed; the call goes on", thrown);
        }
    }
}
