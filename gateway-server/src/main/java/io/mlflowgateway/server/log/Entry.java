package io.mlflowgateway.server.log;

/**
 * An event that is logged as fields in place of a sentence: the one argument of an SLF4J call whose message is
 * {@code {}}. Immutable, since it is written later and by another thread.
 */
public interface Entry {
    /** What kind of event it is: the {@code message} of its JSON line. A word of the code's own. */
    String kind();

    /** About how many characters it holds until it is written, or becomes. */
    default int weight() {
        return 512;
    }

    /** Names the fields, in their order. Called once for each time the entry is written. */
    void writeTo(Fields out);
}
