package io.mlflowgateway.server.provider;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What echo says to a prompt.
 *
 * @param words the text cut into words, each with the white space before it; put together they are the text
 * @param finishReason {@code stop}, or {@code length} when words were left out
 * @param promptWords how many words were asked
 */
record EchoText(List<String> words, String finishReason, int promptWords) {
    private static final Pattern WORD = Pattern.compile("(?U)\\s*\\S+|\\s+$");

    EchoText {
        words = List.copyOf(words);
    }

    /**
     * @param stops the text ends before the first of these
     * @param mostWords the most words said
     */
    static EchoText of(String prompt, List<String> stops, int mostWords) {
        String said = "echo: " + prompt;
        for (String stop : stops) {
            int at = said.indexOf(stop);
            said = at < 0 ? said : said.substring(0, at);
        }
        List<String> words = split(said);
        boolean cut = words.size() > mostWords;
        return new EchoText(cut ? words.subList(0, mostWords) : words, cut ? "length" : "stop", countWords(prompt));
    }

    String text() {
        return String.join("", words);
    }

    static int countWords(String text) {
        return (int) split(text).stream().filter(word -> !word.isBlank()).count();
    }

    private static List<String> split(String text) {
        List<String> words = new ArrayList<>();
        Matcher matcher = WORD.matcher(text);
        while (matcher.find()) {
            words.add(matcher.group());
        }
        return words;
    }
}
