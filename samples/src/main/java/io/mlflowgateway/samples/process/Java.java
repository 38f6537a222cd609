package io.mlflowgateway.samples.process;

import java.nio.file.Path;

/** The Java this program runs on, for starting another. */
final class Java {
    private Java() {}

    static String command() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }
}
