package io.mlflowgateway.samples.docs;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Does what a {@code curl} command of the documentation would, against a gateway on another port. */
final class Curl {
    private static final String SHOWN = "http://127.0.0.1:5000";

    private Curl() {}

    /** @throws IllegalArgumentException for an option it does not know: then the command is not checked, and must be */
    static HttpResponse<String> run(HttpClient client, String command, String gateway)
            throws IOException, InterruptedException {
        List<String> words = words(command);
        HttpRequest.Builder request = HttpRequest.newBuilder().timeout(Duration.ofSeconds(30));
        String method = "GET";
        String body = "";
        for (int i = 1; i < words.size(); i++) {
            String word = words.get(i);
            switch (word) {
                case "-s", "-N", "-sN" -> {}
                case "-H" -> {
                    String[] header = words.get(++i).split(": ", 2);
                    request.header(header[0], header[1]);
                }
                case "-d" -> {
                    body = words.get(++i);
                    method = "POST";
                }
                default -> {
                    if (!word.startsWith(SHOWN)) {
                        throw new IllegalArgumentException("not known here: " + word);
                    }
                    request.uri(URI.create(gateway + word.substring(SHOWN.length())));
                }
            }
        }
        request.method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    /** As a shell would cut them: blanks separate, quotes hold together, a backslash at a line's end joins lines. */
    static List<String> words(String command) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        char quote = 0;
        for (char c : command.replace("\\\n", " ").toCharArray()) {
            if (quote != 0 && c == quote) {
                quote = 0;
            } else if (quote == 0 && (c == '\'' || c == '"')) {
                quote = c;
            } else if (quote == 0 && Character.isWhitespace(c)) {
                add(words, word);
            } else {
                word.append(c);
            }
        }
        add(words, word);
        return words;
    }

    private static void add(List<String> words, StringBuilder word) {
        if (!word.isEmpty()) {
            words.add(word.toString());
            word.setLength(0);
        }
    }
}
