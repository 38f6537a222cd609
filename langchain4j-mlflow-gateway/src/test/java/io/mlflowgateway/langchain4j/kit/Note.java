package io.mlflowgateway.langchain4j.kit;

/**
 * A case of the kit that was run or not, or a switch that is off.
 *
 * @param name of the method
 * @param reason empty where none is needed
 */
record Note(Kind kind, String name, String reason) {

    enum Kind {
        PASSED,
        FAILED,
        SKIPPED,
        OFF
    }

    String line() {
        return kind + "\t" + name + "\t" + reason.replaceAll("\\s+", " ");
    }

    static Note read(String line) {
        String[] cells = line.split("\t", 3);
        return new Note(Kind.valueOf(cells[0]), cells[1], cells[2]);
    }
}
