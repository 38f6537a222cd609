package io.mlflowgateway.langchain4j.kit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What came of a suite in the last run. */
record SuiteResult(Suite suite, List<Note> notes) {

    /** @throws IOException when the suite was not run */
    static SuiteResult read(Suite suite, Path folder) throws IOException {
        List<String> lines = Files.readAllLines(folder.resolve(suite.ourName() + ".tsv"));
        return new SuiteResult(suite, lines.stream().map(Note::read).toList());
    }

    long count(Note.Kind kind) {
        return of(kind).size();
    }

    /** {@return cases that were run, whatever came of it} */
    long run() {
        return count(Note.Kind.PASSED) + count(Note.Kind.FAILED);
    }

    List<Note> of(Note.Kind kind) {
        return notes.stream().filter(note -> note.kind() == kind).toList();
    }
}
