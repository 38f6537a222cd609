package io.mlflowgateway.samples.localmodel;

import java.util.List;

/**
 * Turns a chat into a text that a base model, one never trained to chat, continues with an answer.
 *
 * <p>Two worked examples show the model the form. Only the last user message is asked: a model this small copies earlier
 * answers instead of reading the new question. Its first paragraph is the question; what follows, and what the system
 * says, is the text to answer from. This is how LangChain4j writes a question with retrieved passages.
 */
final class QaPrompt {
    /** An answer is one line; without these the model goes on to ask itself the next question. */
    static final List<String> STOPS = List.of("\n", "Question:", "Text:");

    private static final String EXAMPLES = """
            Text: Harbour Street market sells fish on Friday mornings.
            Question: When is fish sold?
            Answer: Fish is sold on Friday mornings.

            Text: -
            Question: How many days are in a week?
            Answer: There are seven days in a week.

            """;
    private static final String PASSAGES_FOLLOW = "Answer using the following information:";

    private QaPrompt() {}

    /** One message of the chat, its text parts already joined. */
    record Message(String role, String text) {}

    static String of(List<Message> messages) {
        String asked = "";
        StringBuilder text = new StringBuilder();
        for (Message message : messages) {
            if (message.role().equals("user")) {
                asked = message.text();
            } else if (message.role().equals("system")) {
                text.append(message.text()).append(' ');
            }
        }
        int paragraphEnd = asked.strip().indexOf("\n\n");
        String question = paragraphEnd < 0 ? asked : asked.strip().substring(0, paragraphEnd);
        if (paragraphEnd >= 0) {
            text.append(asked.strip().substring(paragraphEnd).replace(PASSAGES_FOLLOW, ""));
        }
        String known = oneLine(text.toString());
        return EXAMPLES + "Text: " + (known.isEmpty() ? "-" : known) + "\nQuestion: " + oneLine(question) + "\nAnswer:";
    }

    private static String oneLine(String text) {
        return text.replaceAll("\\s+", " ").strip();
    }
}
