package io.mlflowgateway.server.log;

import java.nio.charset.StandardCharsets;
import java.util.function.BiConsumer;

/** The fields of one line: {@code key=value} pairs, or members of a JSON object. */
public final class Fields {
    /** Characters of a text that are shown at most. */
    public static final int MOST_CHARS = 200;

    private static final byte[] TRUE = "true".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] FALSE = "false".getBytes(StandardCharsets.US_ASCII);

    private final Paper out;
    private final LineForm form;

    Fields(Paper out, LineForm form) {
        this.out = out;
        this.form = form;
    }

    /** The fields alone, as pairs, for a text that is not this process's log. What looks like a credential is masked. */
    public static String plain(Entry entry) {
        Paper out = new Paper();
        entry.writeTo(new Fields(out, new PlainForm(new Masks().now()::mask)));
        return out.toString().strip();
    }

    /**
     * A text from anywhere: masked, cut at {@value #MOST_CHARS} characters, escaped. Left out when it is empty.
     *
     * @param key of the code's own
     */
    public Fields text(String key, String text) {
        if (!text.isEmpty()) {
            key(key);
            form.show(text, out);
        }
        return this;
    }

    /** What a person says, in the form's way: already masked and cut. */
    void sentence(String message) {
        key("message");
        out.text(form.quoted(message));
    }

    /** A text that may be as long as {@link Masks} lets it be. */
    Fields longText(String key, String text) {
        key(key);
        out.text(form.quoted(form.masked(text)));
        return this;
    }

    /**
     * Fields that are the same for this very object each time, and not the first of their line: they are made once.
     *
     * @param write names them
     */
    public <T> Fields same(T owner, BiConsumer<T, Fields> write) {
        byte[] known = form.known(owner);
        if (known.length > 0) {
            out.piece(known);
        } else {
            Paper.Mark start = out.mark();
            write.accept(owner, this);
            form.know(owner, out.from(start));
        }
        return this;
    }

    /** A word of the code's own, which needs no mask and no escape. */
    public Fields word(String key, String word) {
        key(key);
        form.say(word, out);
        return this;
    }

    public Fields number(String key, long number) {
        key(key);
        out.number(number);
        return this;
    }

    public Fields flag(String key, boolean flag) {
        key(key);
        out.piece(flag ? TRUE : FALSE);
        return this;
    }

    /**
     * A number with decimals.
     *
     * @param number as it is to stand there, of the code's own making
     */
    public Fields decimal(String key, String number) {
        key(key);
        out.word(number);
        return this;
    }

    /** A time as milliseconds with three decimals. */
    public Fields millis(String key, long nanos) {
        key(key);
        long micros = Math.max(0, nanos) / 1_000;
        out.number(micros / 1_000).add('.');
        Stamp.threeDigits(out, (int) (micros % 1_000));
        return this;
    }

    private void key(String key) {
        form.begin(key, out);
    }
}
