package io.mlflowgateway.server.reliability;

import io.mlflowgateway.server.testing.RawUpstream;
import java.io.IOException;

/** What an upstream does in the middle of a stream whose first piece a caller has got. */
enum StreamFault {
    RESETS(RawUpstream.Talk::reset),
    CLOSES(talk -> {}),
    CLOSES_IN_A_CHUNK(talk -> talk.send("ff\r\ndata: {")),
    ENDS_TOO_SOON(talk -> talk.send(RawUpstream.LAST_CHUNK)),
    STANDS_STILL(RawUpstream.Talk::awaitClose),
    TELLS_AN_ERROR(sends("data: {\"error\":{\"message\":\"overloaded\"}}\n\n")),
    TELLS_AN_ERROR_BY_NAME(sends("event: error\ndata: {\"message\":\"overloaded\"}\n\n")),
    BAD_JSON(sends("data: {\"choices\":[{]}\n\n")),
    MORE_THAN_JSON(sends("data: {\"choices\":[]} {\n\n")),
    NO_OBJECT(sends("data: [1]\n\n")),
    NO_CHUNK(sends("data: {\"weather\":\"fine\"}\n\n")),
    BAD_CHUNK_SIZE(talk -> {
        talk.send("zz\r\nxx");
        talk.awaitClose();
    }),
    /** Without an end. */
    HUGE_EVENT(talk -> {
        String chunk = RawUpstream.chunk("data: " + " ".repeat(64 * 1024));
        for (int sent = 0; sent < 4_096; sent++) {
            talk.send(chunk);
        }
    });

    private final RawUpstream.Script script;

    StreamFault(RawUpstream.Script script) {
        this.script = script;
    }

    /** Does it on a connection on which a piece was sent. */
    void happen(RawUpstream.Talk talk) throws IOException, InterruptedException {
        script.run(talk);
    }

    private static RawUpstream.Script sends(String event) {
        return talk -> {
            talk.send(RawUpstream.chunk(event));
            talk.awaitClose();
        };
    }
}
