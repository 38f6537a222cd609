package io.mlflowgateway.server.log;

/** Pairs with a blank between them; a value with anything unusual in it stands in double quotes. */
final class PlainFields extends Fields {
    PlainFields(Paper out, LineForm form) {
        super(out, form);
    }

    @Override
    void key(String key, Paper out) {
        if (out.length() > 0 && !out.endsWith('\n')) {
            out.add(' ');
        }
        out.word(key).add('=');
    }

    @Override
    void word(String word, Paper out) {
        out.word(word);
    }
}
