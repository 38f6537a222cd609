package io.mlflowgateway.server.reliability;

import com.fasterxml.jackson.databind.JsonNode;
import io.mlflowgateway.server.testing.RawUpstream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** An upstream that answers every call as OpenAI would; what is not JSON it does not answer at all. */
final class GoodUpstream {
    private static final String CHUNK =
            "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":"
                    + "[{\"index\":0,\"delta\":{\"content\":\"hi\"},\"finish_reason\":%s}]}\n\n";
    private static final String STREAM = RawUpstream.STREAM_HEAD
            + RawUpstream.chunk(String.format(CHUNK, "null"))
            + RawUpstream.chunk(String.format(CHUNK, "\"stop\""))
            + RawUpstream.chunk("data: [DONE]\n\n")
            + RawUpstream.LAST_CHUNK;
    private static final String WHOLE = RawUpstream.json(
            "{\"id\":\"c\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,"
                    + "\"message\":{\"role\":\"assistant\",\"content\":\"hi\"},\"finish_reason\":\"stop\"}],"
                    + "\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":1,\"total_tokens\":2}}");

    private GoodUpstream() {}

    static RawUpstream start() {
        return new RawUpstream(GoodUpstream::talk);
    }

    private static void talk(RawUpstream.Talk talk) throws IOException {
        Optional<RawUpstream.Request> request = talk.next();
        while (request.isPresent()) {
            JsonNode asked = AnswerRules.json(request.get().body().getBytes(StandardCharsets.UTF_8));
            talk.send(asked.path("stream").asBoolean() ? STREAM : WHOLE);
            request = talk.next();
        }
    }
}
