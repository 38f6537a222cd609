package io.mlflowgateway.server.log;

import java.util.function.Supplier;

/** How lines look: what is chosen now. For any thread. */
final class Forms {
    private volatile Choice choice;

    /** One choice; another one, even of the same form, is another object. */
    static final class Choice {
        private final Supplier<LineForm> make;

        private Choice(Supplier<LineForm> make) {
            this.make = make;
        }

        /** A form for one thread. */
        LineForm form() {
            return make.get();
        }
    }

    Forms(Supplier<LineForm> make) {
        this.choice = new Choice(make);
    }

    /** From now on each thread writes with a new form. */
    void change(Supplier<LineForm> make) {
        choice = new Choice(make);
    }

    Choice now() {
        return choice;
    }
}
