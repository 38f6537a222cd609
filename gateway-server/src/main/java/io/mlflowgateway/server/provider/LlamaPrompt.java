package io.mlflowgateway.server.provider;

import io.mlflowgateway.server.provider.chat.Turn;
import java.util.List;

/**
 * A chat as the one text that Llama 2 was taught: {@code <s>[INST] <<SYS>> … <</SYS>> … [/INST] … </s><s>}. As MLflow
 * writes it.
 */
final class LlamaPrompt {
    private static final String OPEN = "[INST] ";
    private static final String CLOSE = " [/INST]";
    private static final String NEXT = " </s><s>";

    private LlamaPrompt() {}

    static String of(List<Turn> turns) {
        StringBuilder prompt = new StringBuilder("<s>");
        boolean instructs = false;
        for (Turn turn : turns) {
            if (turn.role() == Turn.Role.ASSISTANT) {
                prompt.append(' ').append(text(turn)).append(NEXT);
                instructs = false;
            } else {
                // Whoever speaks behind another one who instructs goes on within the same instruction.
                if (instructs) {
                    prompt.setLength(prompt.length() - CLOSE.length() + 1);
                } else {
                    prompt.append(OPEN);
                }
                prompt.append(instruction(turn)).append(CLOSE);
                instructs = true;
            }
        }
        if (!instructs) {
            // What an assistant has begun is to be gone on with.
            prompt.setLength(prompt.length() - NEXT.length() + 1);
        }
        return prompt.toString();
    }

    private static String instruction(Turn turn) {
        return turn.role() == Turn.Role.SYSTEM ? "<<SYS>> " + text(turn) + " <</SYS>>" : text(turn);
    }

    private static String text(Turn turn) {
        return Prompts.plain(turn, "mosaicml");
    }
}
