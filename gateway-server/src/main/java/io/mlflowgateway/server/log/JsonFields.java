package io.mlflowgateway.server.log;

import java.util.function.UnaryOperator;

/** Members of an object whose brace is already open. Written by hand: a tree for each line would cost more than the call. */
final class JsonFields extends Fields {
    JsonFields(StringBuilder out, UnaryOperator<String> mask) {
        super(out, mask);
    }

    @Override
    void key(String key, StringBuilder out) {
        if (out.charAt(out.length() - 1) != '{') {
            out.append(',');
        }
        out.append('"').append(key).append("\":");
    }

    @Override
    void word(String word, StringBuilder out) {
        out.append('"').append(word).append('"');
    }

    @Override
    void value(String key, String text, StringBuilder out) {
        key(key, out);
        out.append('"');
        Escapes.quoted(text, out);
        out.append('"');
    }
}
