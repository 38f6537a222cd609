package io.mlflowgateway.langchain4j.kit;

import java.util.List;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** {@code docs/conformance.md}. */
record ConformancePage(List<SuiteResult> results) {

    private static final String HEAD = """
            # Conformance

            LangChain4j publishes the tests its own models must pass. They are run on these models in every build, through the
            gateway's jar, down to a scripted provider that decides on the request alone. This page is written from that run:
            a build whose figures are others fails, and so does one that runs fewer of the cases than it must.

            <!-- shell -->
            ```shell
            mvn verify -pl langchain4j-mlflow-gateway -am
            mvn verify -pl langchain4j-mlflow-gateway -am -Dregenerate=true  # writes this page
            mvn -Pnightly verify -pl conformance -am                         # on the core of LangChain4j 1.20 as well
            ```

            A case counts once for each model it is run on: over our transport and over LangChain4j's, with strict schemas and
            with lenient ones.

            """;

    String text() {
        return HEAD + suites() + switches() + skipped();
    }

    /** {@return one line for the log of the build} */
    String summary() {
        return "conformance: " + total(SuiteResult::run) + " cases of LangChain4j's kit run, "
                + total(result -> result.count(Note.Kind.PASSED)) + " passed, "
                + total(result -> result.count(Note.Kind.SKIPPED)) + " skipped";
    }

    long total(ToLongFunction<SuiteResult> figure) {
        return results.stream().mapToLong(figure).sum();
    }

    /** {@return what is off or skipped without a word why} */
    List<String> unexplained() {
        return results.stream()
                .flatMap(result -> Stream.concat(
                                result.of(Note.Kind.OFF).stream(), result.of(Note.Kind.SKIPPED).stream())
                        .filter(note -> note.reason().isBlank())
                        .map(note -> result.suite().ourName() + "." + note.name()))
                .toList();
    }

    private String suites() {
        String rows = results.stream()
                .map(result -> row(
                        code(result.suite().kitName()),
                        code(result.suite().ourName()),
                        result.run(),
                        result.count(Note.Kind.PASSED),
                        result.count(Note.Kind.SKIPPED)))
                .collect(Collectors.joining());
        return "| Suite of LangChain4j | Ours | Run | Passed | Skipped |\n|---|---|---|---|---|\n"
                + rows
                + row(
                        "all",
                        "",
                        total(SuiteResult::run),
                        total(result -> result.count(Note.Kind.PASSED)),
                        total(result -> result.count(Note.Kind.SKIPPED)));
    }

    private String switches() {
        return "\n## Switches that are off\n\nSwitches say what a model can do and what is asserted. Every other one is on.\n\n| Suite | Switch | Why |\n|---|---|---|\n"
                + rows(Note.Kind.OFF);
    }

    private String skipped() {
        return "\n## Cases that are skipped\n\n" + "| Suite | Case | Why |\n|---|---|---|\n" + rows(Note.Kind.SKIPPED);
    }

    private String rows(Note.Kind kind) {
        return results.stream()
                .flatMap(result -> result.of(kind).stream()
                        .map(note -> row(code(result.suite().ourName()), code(note.name()), note.reason())))
                .distinct()
                .collect(Collectors.joining());
    }

    private static String row(Object... cells) {
        return Stream.of(cells).map(String::valueOf).collect(Collectors.joining(" | ", "| ", " |\n"));
    }

    private static String code(String text) {
        return '`' + text + '`';
    }
}
