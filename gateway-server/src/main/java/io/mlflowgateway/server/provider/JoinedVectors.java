package io.mlflowgateway.server.provider;

import io.mlflowgateway.server.json.BodyScanner.Malformed;
import io.mlflowgateway.server.json.Json;
import io.mlflowgateway.server.json.JsonCursor;
import io.mlflowgateway.server.provider.chat.UsageJson;
import io.mlflowgateway.server.query.Body;
import io.mlflowgateway.server.query.Body.Kind;
import io.mlflowgateway.server.query.Body.Member;
import io.mlflowgateway.server.query.Reply;
import io.mlflowgateway.server.query.Usage;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Writes the one embeddings answer of several: what is in them stays byte by byte, but for the places of the vectors, which
 * are counted on, and the tokens, which are added up.
 */
final class JoinedVectors {
    private final ByteArrayOutputStream data;
    private int before;

    private JoinedVectors(int bytes) {
        this.data = new ByteArrayOutputStream(bytes);
    }

    /**
     * The answer to all parts, with the first one's other members.
     *
     * @param parts two at least
     * @param answers one to each, in their order
     * @throws io.mlflowgateway.server.query.Failure (502) where one does not hold a vector for each of its texts
     */
    static Reply.Whole of(List<SplitTexts.Part> parts, List<Reply.Whole> answers) {
        JoinedVectors joined = new JoinedVectors(answers.stream()
                .mapToInt(answer -> answer.body().bytes().length)
                .sum());
        Usage usage = answers.get(0).usage();
        for (int i = 0; i < answers.size(); i++) {
            joined.add(answers.get(i).body(), parts.get(i).texts());
            usage = i == 0 ? usage : usage.plus(answers.get(i).usage());
        }
        Body body = answers.get(0)
                .body()
                .edit()
                .set("data", joined.list())
                .set("usage", Json.text(UsageJson.of(usage)))
                .toBody();
        return new Reply.Whole(body, usage);
    }

    private byte[] list() {
        data.write(']');
        return data.toByteArray();
    }

    private void add(Body answer, int texts) {
        Member vectors = answer.member("data")
                .filter(member -> member.kind() == Kind.ARRAY)
                .orElseThrow(() -> JsonObjects.invalidAnswer("has no 'data' array"));
        int count = 0;
        try {
            JsonCursor json = new JsonCursor(answer, vectors);
            json.enterArray();
            while (json.nextElement()) {
                data.write(before + count == 0 ? '[' : ',');
                vector(answer.bytes(), json, count, texts);
                count++;
            }
        } catch (Malformed e) {
            throw JsonObjects.invalidAnswer("has an index out of bounds");
        }
        if (count != texts) {
            throw JsonObjects.invalidAnswer("holds " + count + " embeddings for " + texts + " texts");
        }
        before += count;
    }

    /**
     * @param place in its own answer, where it does not say
     * @param texts of its part: an index of another one's would take that one's place
     */
    private void vector(byte[] bytes, JsonCursor json, int place, int texts) throws Malformed {
        if (json.kind() != Kind.OBJECT) {
            throw JsonObjects.invalidAnswer("holds an embedding that is no object");
        }
        int copied = json.offset();
        boolean placed = false;
        json.enterObject();
        while (json.nextMember()) {
            int start = json.offset();
            if (json.name().equals("index")) {
                long index = json.skipWholeNumber(place);
                if (index >= texts) {
                    throw JsonObjects.invalidAnswer("has an index out of bounds");
                }
                data.write(bytes, copied, start - copied);
                data.writeBytes(utf8(Long.toString(before + index)));
                copied = json.offset();
                placed = true;
            } else {
                json.skip();
            }
        }
        data.write(bytes, copied, json.offset() - 1 - copied);
        data.writeBytes(utf8(placed ? "}" : ",\"index\":" + (before + place) + '}'));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
