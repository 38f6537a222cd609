package io.mlflowgateway.server.config;

import java.nio.file.Path;
import java.util.List;

/**
 * What one look at the configuration file found.
 *
 * @param version of the content; empty where it could not be read
 * @param bytes the content
 * @param problems why it could not be read; empty where it could
 */
record Sight(String version, byte[] bytes, List<Problems.Problem> problems) {
    private static final byte[] NOTHING = new byte[0];

    /** Looks. Blocks. */
    static Sight of(Path file) {
        try {
            byte[] bytes = ConfigBytes.of(file);
            return new Sight(ConfigBytes.version(bytes), bytes, List.of());
        } catch (InvalidConfig e) {
            return new Sight("", NOTHING, e.problems());
        }
    }

    /** Equal for two looks that found the same, small enough to keep. */
    String mark() {
        return problems.isEmpty() ? version : problems.toString();
    }
}
