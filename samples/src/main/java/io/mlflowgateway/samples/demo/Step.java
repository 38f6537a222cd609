package io.mlflowgateway.samples.demo;

import java.io.IOException;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * One sample of the demo.
 *
 * @param idea what it shows, in one line
 * @param skip says why it cannot run here, if so
 */
record Step(String name, String idea, Supplier<Optional<String>> skip, Body body) {

    /** Runs the sample; whatever it throws means that it failed. */
    interface Body {
        void run() throws IOException;
    }

    Step(String name, String idea, Body body) {
        this(name, idea, Optional::empty, body);
    }

    /** For samples that return what they saw: fails with the message unless it was as promised. */
    static void require(boolean seen, String message) {
        if (!seen) {
            throw new IllegalStateException(message);
        }
    }
}
