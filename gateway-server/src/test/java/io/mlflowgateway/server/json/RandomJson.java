package io.mlflowgateway.server.json;

import java.util.Random;

/** Writes random JSON objects with everything the grammar allows, white space included. */
final class RandomJson {
    private static final String[] TEXT = {
        "a",
        "model",
        " ",
        "日本語",
        "ру́сский",
        "\uD83D\uDE00",
        "é",
        "\\n",
        "\\\"",
        "\\\\",
        "\\/",
        "\\u00e9",
        "\\ud83d\\ude00",
        "}",
        ",",
        "\u007f"
    };
    private static final String[] NUMBERS = {
        "0", "-0", "7", "-12345678901234567890", "1.5", "-0.25", "1e3", "2E-7", "3.25e+2"
    };
    private static final String[] WORDS = {"true", "false", "null"};
    private static final String[] SPACE = {"", "", "", " ", "\n", "\r\n\t", "  "};

    private final Random random;

    RandomJson(Random random) {
        this.random = random;
    }

    /** No name occurs twice in the outermost object. */
    String object() {
        return space() + object(0) + space();
    }

    private String object(int depth) {
        StringBuilder out = new StringBuilder("{").append(space());
        int members = random.nextInt(6);
        for (int i = 0; i < members; i++) {
            out.append(i == 0 ? "" : ",").append(space());
            out.append('"').append(i).append(text()).append('"');
            out.append(space())
                    .append(':')
                    .append(space())
                    .append(value(depth + 1))
                    .append(space());
        }
        return out.append('}').toString();
    }

    private String value(int depth) {
        return switch (random.nextInt(depth > 4 ? 3 : 5)) {
            case 0 -> pick(NUMBERS);
            case 1 -> pick(WORDS);
            case 2 -> '"' + text() + '"';
            case 3 -> object(depth);
            default -> array(depth);
        };
    }

    private String array(int depth) {
        StringBuilder out = new StringBuilder("[").append(space());
        int elements = random.nextInt(4);
        for (int i = 0; i < elements; i++) {
            out.append(i == 0 ? "" : ",")
                    .append(space())
                    .append(value(depth + 1))
                    .append(space());
        }
        return out.append(']').toString();
    }

    private String text() {
        StringBuilder out = new StringBuilder();
        int parts = random.nextInt(5);
        for (int i = 0; i < parts; i++) {
            out.append(pick(TEXT));
        }
        return out.toString();
    }

    private String space() {
        return pick(SPACE);
    }

    private String pick(String[] choices) {
        return choices[random.nextInt(choices.length)];
    }
}
