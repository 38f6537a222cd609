package io.mlflowgateway.server.config;

import java.util.List;
import java.util.stream.Collectors;

/** A configuration that cannot be used, with everything that is wrong with it. */
public final class InvalidConfig extends Exception {
    private static final long serialVersionUID = 1L;
    private final transient List<Problems.Problem> problems;
    private final transient List<String> warnings;

    public InvalidConfig(List<Problems.Problem> problems) {
        this(problems, List.of());
    }

    /** @param warnings what is odd besides: a misspelt key often is why another one is missing */
    public InvalidConfig(List<Problems.Problem> problems, List<String> warnings) {
        super(problems.stream().map(Problems.Problem::toString).collect(Collectors.joining("\n")), null, false, false);
        this.problems = List.copyOf(problems);
        this.warnings = List.copyOf(warnings);
    }

    public List<Problems.Problem> problems() {
        return problems;
    }

    /** One line each, with file:line. */
    public List<String> warnings() {
        return warnings;
    }
}
