package io.mlflowgateway.server.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mlflowgateway.server.testing.AwsFrames;
import io.mlflowgateway.server.testing.RawUpstream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * All providers in one: below {@code /<place>} it answers with what was put there, and keeps what it was sent. The head of
 * a refusal has {@code Retry-After: 7} where it is a 429.
 */
final class CellUpstream implements AutoCloseable {
    private static final Set<String> OF_THE_TRANSPORT =
            Set.of("host", "content-length", "content-type", "connection", "user-agent", "accept", "accept-encoding");

    /** What changes with the clock. */
    private static final Set<String> SIGNED = Set.of("x-amz-date", "authorization");

    private final Map<String, CellFiles.Answer> answers = new ConcurrentHashMap<>();
    private final Map<String, ArrayNode> sent = new ConcurrentHashMap<>();
    private final RawUpstream raw = new RawUpstream(this::answerAll);

    /** Puts an answer at a place; its address. */
    String at(String place) {
        return "http://127.0.0.1:" + raw.port() + "/" + place;
    }

    void put(String place, CellFiles.Answer answer) {
        answers.put(place, answer);
    }

    /** The requests for a place, in the order they came: path, headers and body. */
    ArrayNode sentTo(String place) {
        return sent.getOrDefault(place, JsonNodeFactory.instance.arrayNode());
    }

    private void answerAll(RawUpstream.Talk talk) throws IOException {
        for (var request = talk.next(); request.isPresent(); request = talk.next()) {
            String path = request.get().head().split(" ", 3)[1];
            String place = path.split("/", 3)[1];
            sent.computeIfAbsent(place, name -> JsonNodeFactory.instance.arrayNode())
                    .add(told(path.substring(place.length() + 1), request.get()));
            talk.send(bytes(answers.getOrDefault(
                    place, new CellFiles.Answer(500, CellFiles.Kind.JSON, "{\"error\":\"there is no such reply\"}"))));
        }
    }

    private static ObjectNode told(String path, RawUpstream.Request request) {
        ObjectNode told = JsonNodeFactory.instance.objectNode().put("path", path);
        ObjectNode headers = told.putObject("headers");
        request.head()
                .lines()
                .skip(1)
                .filter(line -> line.contains(":"))
                .sorted()
                .forEach(line -> {
                    String name = line.substring(0, line.indexOf(':')).toLowerCase(Locale.ROOT);
                    String value = line.substring(line.indexOf(':') + 1).strip();
                    if (!OF_THE_TRANSPORT.contains(name)) {
                        boolean signed = SIGNED.contains(name) && request.head().contains("AWS4-HMAC-SHA256");
                        headers.put(name, signed ? "signed" : value);
                    }
                });
        JsonNode body = ProviderContract.json(request.body());
        return told.set("body", body);
    }

    private static byte[] bytes(CellFiles.Answer answer) {
        byte[] body = answer.kind() == CellFiles.Kind.FRAMES ? frames(answer.text()) : utf8(answer.text());
        String head = "HTTP/1.1 " + answer.status() + " Said\r\nContent-Type: " + answer.kind().contentType
                + (answer.status() == 429 ? "\r\nRetry-After: 7" : "") + "\r\nContent-Length: " + body.length
                + "\r\n\r\n";
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(utf8(head));
        all.writeBytes(body);
        return all.toByteArray();
    }

    /** Blocks of {@code event:} (or {@code exception:}) and {@code data:} as Amazon's messages. */
    private static byte[] frames(String text) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (String block : text.strip().split("\n\n")) {
            String[] lines = block.split("\n", 2);
            String type = lines[0].substring(lines[0].indexOf(':') + 1).strip();
            String data = lines[1].substring("data:".length()).strip();
            all.writeBytes(
                    lines[0].startsWith("exception") ? AwsFrames.exception(type, data) : AwsFrames.event(type, data));
        }
        return all.toByteArray();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        raw.close();
    }
}
