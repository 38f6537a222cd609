package io.mlflowgateway.server.reliability;

import io.mlflowgateway.server.testing.RawUpstream;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/** An upstream that does what the prompt says: answers, in a whole or in a stream, or fails in one of several ways. */
final class SoakUpstream {
    static final int PIECES = 10;
    private static final int PIECE_MILLIS = 200;

    /** Many large pieces, for who reads slowly. */
    static final int LARGE_PIECES = 128;

    private static final String LARGE = "x".repeat(8_000);

    private SoakUpstream() {}

    static RawUpstream start() {
        return new RawUpstream(SoakUpstream::talk);
    }

    private static void talk(RawUpstream.Talk talk) throws IOException, InterruptedException {
        Optional<RawUpstream.Request> request = talk.next();
        while (request.isPresent()) {
            String body = request.get().body();
            if (body.contains("\"stream\":true")) {
                stream(talk, body);
            } else {
                whole(talk, body);
            }
            request = talk.next();
        }
    }

    private static void whole(RawUpstream.Talk talk, String body) throws IOException, InterruptedException {
        if (body.contains("please reset")) {
            talk.reset();
        } else if (body.contains("please refuse")) {
            String refusal = "{\"error\":{\"message\":\"overload\"}}";
            talk.send(RawUpstream.json(refusal).replace("200 OK", "500 Oops"));
        } else if (body.contains("please babble")) {
            talk.send("%$#!@ babble\r\n\r\n");
            talk.reset();
        } else if (body.contains("please hang")) {
            talk.awaitClose();
        } else {
            talk.idle(ThreadLocalRandom.current().nextInt(5, 40));
            talk.send(RawUpstream.json(
                    "{\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"served\"},"
                            + "\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":1}}"));
        }
    }

    private static void stream(RawUpstream.Talk talk, String body) throws IOException, InterruptedException {
        boolean large = body.contains("please much");
        talk.send(RawUpstream.STREAM_HEAD);
        for (int i = 0; i < (large ? LARGE_PIECES : PIECES); i++) {
            talk.send(piece(large ? LARGE : "served", "null"));
            if (!large) {
                talk.idle(PIECE_MILLIS);
            }
            if (i == 4 && body.contains("please reset")) {
                talk.reset();
            } else if (i == 4 && body.contains("please babble")) {
                talk.send(RawUpstream.chunk("data: {babble\n\n"));
            } else if (i == 4 && body.contains("please refuse")) {
                talk.send(RawUpstream.chunk("data: {\"error\":{\"message\":\"overload\"}}\n\n"));
            }
        }
        talk.send(piece("", "\"stop\"") + RawUpstream.chunk("data: [DONE]\n\n") + RawUpstream.LAST_CHUNK);
    }

    private static String piece(String content, String finish) {
        return RawUpstream.chunk("data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"" + content
                + "\"},\"finish_reason\":" + finish + "}]}\n\n");
    }
}
