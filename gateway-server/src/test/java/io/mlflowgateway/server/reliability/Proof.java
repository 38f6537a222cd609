package io.mlflowgateway.server.reliability;

import java.util.Locale;

/**
 * A test that shows a row.
 *
 * @param testClass simple name
 * @param method the test's name
 * @param runs whether JUnit takes it for a test and nobody has disabled it
 * @param nightly whether it runs in {@code -Pnightly} only
 */
record Proof(Row row, String testClass, String method, boolean runs, boolean nightly) {
    /** As the document writes it. */
    String name() {
        return testClass + "." + method;
    }

    /** Whether the test's name begins with the row's. */
    boolean isNamedAfterItsRow() {
        return method.startsWith(row.name().toLowerCase(Locale.ROOT) + "_");
    }
}
