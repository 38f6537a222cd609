package io.mlflowgateway.server.log;

import java.util.function.UnaryOperator;

/** The fields of one line: {@code key=value} pairs, or members of a JSON object. */
public abstract class Fields {
    /** Characters of a text that are shown at most. */
    public static final int MOST_CHARS = 200;

    private final StringBuilder out;
    private final UnaryOperator<String> mask;

    /** @param mask takes the credentials out of a text */
    Fields(StringBuilder out, UnaryOperator<String> mask) {
        this.out = out;
        this.mask = mask;
    }

    /** The fields alone, as pairs, for a text that is not this process's log. What looks like a credential is masked. */
    public static String plain(Entry entry) {
        StringBuilder out = new StringBuilder();
        entry.writeTo(new PlainFields(out, new Masks()::mask));
        return out.toString();
    }

    /**
     * A text from anywhere: masked, cut at {@value #MOST_CHARS} characters, escaped. Left out when it is empty.
     *
     * @param key of the code's own
     */
    public final Fields text(String key, String text) {
        if (!text.isEmpty()) {
            value(key, Masks.cut(mask.apply(text), MOST_CHARS), out);
        }
        return this;
    }

    /** A text that may be as long as {@link Masks} lets it be. */
    final Fields longText(String key, String text) {
        value(key, mask.apply(text), out);
        return this;
    }

    /** A word of the code's own, which needs no mask and no escape. */
    public final Fields word(String key, String word) {
        key(key, out);
        word(word, out);
        return this;
    }

    public final Fields number(String key, long number) {
        key(key, out);
        out.append(number);
        return this;
    }

    public final Fields flag(String key, boolean flag) {
        key(key, out);
        out.append(flag);
        return this;
    }

    /** A time as milliseconds with three decimals. */
    public final Fields millis(String key, long nanos) {
        key(key, out);
        long micros = Math.max(0, nanos) / 1_000;
        out.append(micros / 1_000).append('.');
        Stamp.threeDigits(out, (int) (micros % 1_000));
        return this;
    }

    abstract void key(String key, StringBuilder out);

    abstract void word(String word, StringBuilder out);

    abstract void value(String key, String text, StringBuilder out);
}
