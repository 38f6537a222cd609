package io.mlflowgateway.server.config;

import java.time.Instant;
import java.util.List;

/**
 * How the last look at a changed configuration file ended.
 *
 * @param success whether the file as it is now is in force
 * @param problems why not; empty on success
 * @param warnings what was odd but harmless, and what waits for a restart
 * @param at when
 * @param version of the configuration in force, which on failure is the one from before
 * @param loadedAt when the configuration in force was put there
 * @param fileVersion of what the file held at that look; empty where it could not be read
 */
public record ReloadOutcome(
        boolean success,
        List<Problems.Problem> problems,
        List<String> warnings,
        Instant at,
        String version,
        Instant loadedAt,
        String fileVersion) {
    public ReloadOutcome {
        problems = List.copyOf(problems);
        warnings = List.copyOf(warnings);
    }

    /** That a configuration was put in force. */
    public static ReloadOutcome inForce(GatewayConfig config, List<String> warnings, Instant at) {
        return new ReloadOutcome(true, List.of(), warnings, at, config.version(), at, config.version());
    }

    /** That the file holds again what has been in force all the time. */
    ReloadOutcome backAgain(List<String> warnings, Instant at) {
        return new ReloadOutcome(true, List.of(), warnings, at, version, loadedAt, version);
    }

    /** That what the file holds now cannot be used, and this stays in force. */
    ReloadOutcome kept(InvalidConfig invalid, Instant at, String fileVersion) {
        return new ReloadOutcome(false, invalid.problems(), invalid.warnings(), at, version, loadedAt, fileVersion);
    }
}
