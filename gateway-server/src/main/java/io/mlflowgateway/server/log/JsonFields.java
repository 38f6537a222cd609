package io.mlflowgateway.server.log;

/** Members of an object whose brace is already open. Written by hand: a tree for each line would cost more than the call. */
final class JsonFields extends Fields {
    JsonFields(Paper out, LineForm form) {
        super(out, form);
    }

    @Override
    void key(String key, Paper out) {
        if (!out.endsWith('{')) {
            out.add(',');
        }
        out.add('"').word(key).add('"').add(':');
    }

    @Override
    void word(String word, Paper out) {
        out.add('"').word(word).add('"');
    }
}
