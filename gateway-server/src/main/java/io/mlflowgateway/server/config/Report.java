package io.mlflowgateway.server.config;

import io.mlflowgateway.server.secret.Masker;
import io.mlflowgateway.server.secret.Secret;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What is said of one file: problems, warnings, and the secrets that may not stand in either. Bounded: past
 * {@value #MAX} lines of a sort only their number is kept. Not thread-safe.
 */
final class Report {
    static final int MAX = 1_000;

    private record Line(int line, String path, String message) {}

    private final String file;
    private final List<Line> problems = new ArrayList<>();
    private final List<Line> warnings = new ArrayList<>();
    private final Set<Secret> secrets = new LinkedHashSet<>();
    private long problemsLeftOut;
    private long warningsLeftOut;

    /** @param file its name, as it is to stand in messages */
    Report(String file) {
        this.file = file;
    }

    void problem(int line, String path, String message) {
        if (problems.size() < MAX) {
            problems.add(new Line(line, path, message));
        } else {
            problemsLeftOut++;
        }
    }

    void warning(int line, String path, String message) {
        if (warnings.size() < MAX) {
            warnings.add(new Line(line, path, message));
        } else {
            warningsLeftOut++;
        }
    }

    /** Takes note of a value that no message may show, whatever it came to stand for. */
    void keepOut(String secret) {
        secrets.add(new Secret(secret));
    }

    /** All warnings in the file's order, each as {@code file:line: path: message}. */
    List<String> warnings() {
        return lines(warnings, warningsLeftOut, "warnings").stream()
                .map(Problems.Problem::toString)
                .toList();
    }

    /** Fails with all problems in the file's order, if there is one. */
    void failIfAny() throws InvalidConfig {
        if (!problems.isEmpty()) {
            throw new InvalidConfig(lines(problems, problemsLeftOut, "problems"), warnings());
        }
    }

    private List<Problems.Problem> lines(List<Line> found, long leftOut, String sort) {
        if (found.isEmpty()) {
            return List.of();
        }
        Masker masker = new Masker(secrets);
        Problems result = new Problems();
        found.stream()
                .sorted(Comparator.comparingInt(Line::line))
                .forEach(line ->
                        result.add(file + ":" + line.line(), masker.mask(line.path()), masker.mask(line.message())));
        if (leftOut > 0) {
            result.add(file + ":1", Cursor.DOCUMENT, "and " + leftOut + " more " + sort);
        }
        return result.all();
    }
}
