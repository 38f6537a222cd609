package io.mlflowgateway.server.remote;

/** What comes from elsewhere may hold what a terminal obeys. */
final class Plain {
    private Plain() {}

    /** The text on one line, control characters replaced. */
    static String text(String text) {
        return text.replaceAll("\\p{C}", "?");
    }
}
