package io.mlflowgateway.samples.localmodel;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** How the two text tasks differ on the wire. */
enum AnswerShape {
    COMPLETION("cmpl-", "text_completion", "text_completion") {
        @Override
        void write(ObjectNode choice, String text) {
            choice.put("text", text);
        }

        @Override
        void writePiece(ObjectNode choice, String text, boolean first) {
            choice.put("text", text);
        }

        @Override
        String shown(String text, boolean first) {
            return text;
        }
    },
    CHAT("chatcmpl-", "chat.completion", "chat.completion.chunk") {
        @Override
        void write(ObjectNode choice, String text) {
            choice.putObject("message").put("role", "assistant").put("content", text);
        }

        @Override
        void writePiece(ObjectNode choice, String text, boolean first) {
            ObjectNode delta = choice.putObject("delta");
            if (first) {
                delta.put("role", "assistant");
            }
            if (!text.isEmpty()) {
                delta.put("content", text);
            }
        }

        /** The blank after "Answer:" belongs to the prompt, not to the answer. */
        @Override
        String shown(String text, boolean first) {
            return first ? text.stripLeading() : text;
        }
    };

    final String idPrefix;
    final String wholeObject;
    final String pieceObject;

    AnswerShape(String idPrefix, String wholeObject, String pieceObject) {
        this.idPrefix = idPrefix;
        this.wholeObject = wholeObject;
        this.pieceObject = pieceObject;
    }

    abstract void write(ObjectNode choice, String text);

    abstract void writePiece(ObjectNode choice, String text, boolean first);

    abstract String shown(String text, boolean first);
}
