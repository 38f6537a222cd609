package io.mlflowgateway.server.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * What one look at the configuration file found.
 *
 * @param version of the content; empty where it could not be read
 * @param bytes the content
 * @param modified when it was last written to, as far as the file system says; {@link Instant#MAX} where it does not
 * @param problems why it could not be read; empty where it could
 */
record Sight(String version, byte[] bytes, Instant modified, List<Problems.Problem> problems) {
    private static final byte[] NOTHING = new byte[0];

    /** Looks. Blocks. */
    static Sight of(Path file) {
        try {
            byte[] bytes = ConfigBytes.of(file);
            // Asked after reading: what is written meanwhile counts.
            return new Sight(ConfigBytes.version(bytes), bytes, modified(file), List.of());
        } catch (InvalidConfig e) {
            return new Sight("", NOTHING, Instant.MAX, e.problems());
        }
    }

    private static Instant modified(Path file) {
        try {
            Instant modified = Files.getLastModifiedTime(file).toInstant();
            // File systems that count whole seconds would make it look older than it is.
            return modified.getNano() == 0 ? Instant.MAX : modified;
        } catch (IOException e) {
            return Instant.MAX;
        }
    }

    /** Equal for two looks that found the same, small enough to keep. */
    String mark() {
        return problems.isEmpty() ? version : problems.toString();
    }

    /** How long it had been left alone by then; zero where nobody knows. */
    Duration leftAloneFor(Instant now) {
        return modified.isAfter(now) ? Duration.ZERO : Duration.between(modified, now);
    }
}
