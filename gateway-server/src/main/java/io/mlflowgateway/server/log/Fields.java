package io.mlflowgateway.server.log;

import java.util.function.BiConsumer;

/** The fields of one line: {@code key=value} pairs, or members of a JSON object. */
public abstract class Fields {
    /** Characters of a text that are shown at most. */
    public static final int MOST_CHARS = 200;

    private final Paper out;
    private final LineForm form;

    Fields(Paper out, LineForm form) {
        this.out = out;
        this.form = form;
    }

    /** The fields alone, as pairs, for a text that is not this process's log. What looks like a credential is masked. */
    public static String plain(Entry entry) {
        Paper out = new Paper();
        entry.writeTo(new PlainFields(out, new PlainForm(new Masks().now()::mask)));
        return out.toString();
    }

    /**
     * A text from anywhere: masked, cut at {@value #MOST_CHARS} characters, escaped. Left out when it is empty.
     *
     * @param key of the code's own
     */
    public final Fields text(String key, String text) {
        if (!text.isEmpty()) {
            key(key, out);
            out.add(form.shown(text));
        }
        return this;
    }

    /** A text that may be as long as {@link Masks} lets it be. */
    final Fields longText(String key, String text) {
        key(key, out);
        out.text(form.quoted(form.masked(text)));
        return this;
    }

    /**
     * Fields that are the same for this very object each time, and not the first of their line: they are made once.
     *
     * @param write names them
     */
    public final <T> Fields same(T owner, BiConsumer<T, Fields> write) {
        byte[] known = form.known(owner);
        if (known.length > 0) {
            out.add(known);
        } else {
            int start = out.length();
            write.accept(owner, this);
            form.know(owner, out.from(start));
        }
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
        out.number(number);
        return this;
    }

    public final Fields flag(String key, boolean flag) {
        key(key, out);
        out.word(flag ? "true" : "false");
        return this;
    }

    /**
     * A number with decimals.
     *
     * @param number as it is to stand there, of the code's own making
     */
    public final Fields decimal(String key, String number) {
        key(key, out);
        out.word(number);
        return this;
    }

    /** A time as milliseconds with three decimals. */
    public final Fields millis(String key, long nanos) {
        key(key, out);
        long micros = Math.max(0, nanos) / 1_000;
        out.number(micros / 1_000).add('.');
        Stamp.threeDigits(out, (int) (micros % 1_000));
        return this;
    }

    abstract void key(String key, Paper out);

    abstract void word(String word, Paper out);
}
