package io.mlflowgateway.server.log;

import java.util.function.UnaryOperator;

/** Pairs with a blank between them; a value with anything unusual in it stands in double quotes. */
final class PlainFields extends Fields {
    PlainFields(StringBuilder out, UnaryOperator<String> mask) {
        super(out, mask);
    }

    @Override
    void key(String key, StringBuilder out) {
        if (out.length() > 0 && out.charAt(out.length() - 1) != '\n') {
            out.append(' ');
        }
        out.append(key).append('=');
    }

    @Override
    void word(String word, StringBuilder out) {
        out.append(word);
    }

    @Override
    void value(String key, String text, StringBuilder out) {
        key(key, out);
        if (Escapes.isBare(text)) {
            out.append(text);
        } else {
            out.append('"');
            Escapes.quoted(text, out);
            out.append('"');
        }
    }
}
