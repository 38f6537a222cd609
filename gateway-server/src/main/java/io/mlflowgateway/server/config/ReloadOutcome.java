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
 */
public record ReloadOutcome(
        boolean success, List<Problems.Problem> problems, List<String> warnings, Instant at, String version) {
    public ReloadOutcome {
        problems = List.copyOf(problems);
        warnings = List.copyOf(warnings);
    }
}
