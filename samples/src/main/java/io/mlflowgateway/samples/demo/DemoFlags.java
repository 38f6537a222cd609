package io.mlflowgateway.samples.demo;

import java.util.List;
import java.util.Set;

/** What {@code ./demo} was asked for; {@code --help} is answered by the script. */
record DemoFlags(boolean once, boolean localModel, boolean python) {
    private static final Set<String> KNOWN = Set.of("--once", "--local-model", "--no-python");

    /** @throws IllegalArgumentException for a flag there is not */
    static DemoFlags of(List<String> arguments) {
        for (String argument : arguments) {
            if (!KNOWN.contains(argument)) {
                throw new IllegalArgumentException("there is no flag " + argument + "; see ./demo --help");
            }
        }
        return new DemoFlags(
                arguments.contains("--once"), arguments.contains("--local-model"), !arguments.contains("--no-python"));
    }
}
