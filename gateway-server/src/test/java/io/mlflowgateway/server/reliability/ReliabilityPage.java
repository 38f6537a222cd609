package io.mlflowgateway.server.reliability;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** {@code docs/reliability.md}: each row, the tests that show it, and what they saw. */
final class ReliabilityPage {
    private static final String INTRO = """
            # Reliability

            What the gateway survives, and how that is known: each line is a fault or a hostile caller, what must come of it, and
            the test that shows it. Most of these tests run the whole gateway on real sockets; all run in every build, unless a
            line says nightly.

            <!-- shell -->
            ```shell
            mvn verify -pl gateway-server
            mvn test -pl gateway-server -Dtest=ReliabilityTableTest -Dregenerate=true  # writes this page with the figures just seen
            ```

            *Seen* is what a test printed in one run, on a machine of two cores that did other work as well. It shows what is
            measured; tests fail at the bounds under *Expected*. Speed is measured [elsewhere](performance.md).
            """;

    private static final String NO_FIGURE = "–";

    private final List<Row> rows;
    private final List<Proof> proofs;

    ReliabilityPage(List<Row> rows, List<Proof> proofs) {
        this.rows = List.copyOf(rows);
        this.proofs = List.copyOf(proofs);
    }

    /** What is wrong with rows and tests, whatever the document says. */
    List<String> problems() {
        List<String> problems = new ArrayList<>();
        for (Row row : rows) {
            boolean shown = proofs.stream().anyMatch(proof -> proof.row() == row);
            if (row.waitsFor().isEmpty() && !shown) {
                problems.add(row + ": no test shows it");
            } else if (!row.waitsFor().isEmpty() && shown) {
                problems.add(row + ": a test shows it, so it does not wait any more");
            }
        }
        Set<String> figureFiles = new HashSet<>();
        for (Proof proof : proofs) {
            if (!proof.isNamedAfterItsRow()) {
                problems.add(proof.name() + ": its name does not begin with its row's, " + proof.row());
            }
            if (!proof.runs()) {
                problems.add(proof.name() + ": is no test, or is disabled");
            }
            if (!figureFiles.add(proof.row() + "/" + proof.method())) {
                problems.add(proof.name() + ": another test of this row has the same name, and so the same figures");
            }
        }
        return problems;
    }

    /** Rows that neither wait nor have a figure. */
    List<Row> withoutFigure(Map<String, String> figures) {
        return rows.stream()
                .filter(row -> row.waitsFor().isEmpty())
                .filter(row -> of(row).stream().noneMatch(proof -> figures.containsKey(proof.name())))
                .toList();
    }

    /** The document with these figures, by test. */
    String text(Map<String, String> figures) {
        StringBuilder text = new StringBuilder(INTRO);
        for (Row.Section section : Row.Section.values()) {
            List<Row> here = rows.stream()
                    .filter(row -> row.section() == section)
                    .filter(row -> row.waitsFor().isEmpty())
                    .toList();
            if (!here.isEmpty()) {
                text.append("\n## ").append(section.title()).append("\n\n");
                text.append(line("Fault", "Expected", "Shown by", "Seen")).append("|---|---|---|---|\n");
                here.forEach(row -> text.append(lines(row, figures)));
            }
        }
        text.append("\n## Not yet\n\n")
                .append(line("Fault", "Expected", "Will be shown"))
                .append("|---|---|---|\n");
        rows.stream()
                .filter(row -> !row.waitsFor().isEmpty())
                .forEach(row -> text.append(line(row.fault(), row.expected(), row.waitsFor())));
        return text.toString();
    }

    private String lines(Row row, Map<String, String> figures) {
        StringBuilder lines = new StringBuilder();
        for (Proof proof : of(row)) {
            String test = '`' + proof.name() + '`' + (proof.nightly() ? " (nightly)" : "");
            String figure = figures.getOrDefault(proof.name(), NO_FIGURE);
            lines.append(
                    lines.isEmpty() ? line(row.fault(), row.expected(), test, figure) : line("", "", test, figure));
        }
        return lines.toString();
    }

    private List<Proof> of(Row row) {
        return proofs.stream().filter(proof -> proof.row() == row).toList();
    }

    private static String line(String... cells) {
        return Arrays.stream(cells).map(ReliabilityPage::cell).collect(Collectors.joining(" |", "|", " |\n"));
    }

    private static String cell(String text) {
        return text.isEmpty() ? "" : " " + text;
    }

    /** The figures a document holds, by test. */
    static Map<String, String> figures(String document) {
        Map<String, String> figures = new HashMap<>();
        document.lines().filter(line -> line.startsWith("|")).forEach(line -> {
            String[] cells = line.split("(?<!\\\\)\\|", -1);
            if (cells.length == 6 && cells[3].contains("`") && !cells[4].strip().equals(NO_FIGURE)) {
                figures.put(cells[3].replaceFirst("`[^`]*$", "").replaceFirst("^[^`]*`", ""), cells[4].strip());
            }
        });
        return figures;
    }

    /** What a test has said, fit for a table's cell. */
    static String asCell(String seen) {
        return seen.strip()
                .replaceAll("\\s+", " ")
                .replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace("|", "\\|");
    }
}
