package io.mlflowgateway.server;

import java.util.List;
import sun.misc.Signal;

/**
 * Who tells a gateway to stop that is stopping already wants it gone, not drained. The JVM itself passes over a second
 * signal, and {@code sun.misc.Signal} (of the supported module jdk.unsupported) is the only way to hear one; javac warns of
 * it, and cannot be told not to.
 */
final class SecondSignal {
    /** By convention, the exit code of a process that a signal ended is this and the signal's number. */
    private static final int BY_SIGNAL = 128;

    private SecondSignal() {}

    /** From now on SIGTERM and SIGINT end the process at once, with 143 and 130. */
    static void endsAtOnce() {
        for (String name : List.of("TERM", "INT")) {
            try {
                Signal.handle(new Signal(name), signal -> Runtime.getRuntime().halt(BY_SIGNAL + signal.getNumber()));
            } catch (IllegalArgumentException e) {
                // The JVM was told to leave signals alone (-Xrs), or there is no such signal here: then it stays as it
                // is.
                return;
            }
        }
    }
}
