package io.mlflowgateway.server.reliability;

import io.mlflowgateway.server.testing.RawUpstream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;

/**
 * What an upstream does in place of an answer, before a caller can have got any of it; what the caller is told when nobody
 * else is asked; and whether asking again, or asking another target, may help.
 */
enum UpstreamFault {
    CLOSES_WITHOUT_A_WORD(Row.BROKEN_CONNECTION, 502, Help.RETRY, talk -> {}),
    RESETS_WITHOUT_A_WORD(Row.BROKEN_CONNECTION, 502, Help.RETRY, RawUpstream.Talk::reset),
    RESETS_IN_THE_HEAD(Row.BROKEN_CONNECTION, 502, Help.RETRY, talk -> {
        talk.send("HTTP/1.1 200 OK\r\nContent-Ty");
        talk.reset();
    }),
    CLOSES_BEHIND_THE_HEAD(
            Row.BROKEN_CONNECTION,
            502,
            Help.RETRY,
            talk -> talk.send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n")),
    CLOSES_IN_THE_BODY(
            Row.BROKEN_CONNECTION,
            502,
            Help.RETRY,
            talk -> talk.send(
                    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{\"choices\":[")),
    RESETS_IN_THE_BODY(Row.BROKEN_CONNECTION, 502, Help.RETRY, talk -> {
        talk.send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{");
        talk.reset();
    }),
    CLOSES_BETWEEN_CHUNKS(
            Row.BROKEN_CONNECTION,
            502,
            Help.RETRY,
            talk -> talk.send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + RawUpstream.chunk("{\"choices\":["))),

    NO_HTTP(Row.BROKEN_ANSWER, 502, Help.FALLBACK, talk -> talk.send("SSH-2.0-OpenSSH_9.2\r\n\r\n")),
    HEAD_OF_A_MEBIBYTE(
            Row.BROKEN_ANSWER,
            502,
            Help.FALLBACK,
            talk -> talk.send("HTTP/1.1 200 OK\r\nX: " + "x".repeat(1 << 20) + "\r\n\r\n")),
    BAD_CHUNK_SIZE(
            Row.BROKEN_ANSWER,
            502,
            Help.FALLBACK,
            talk -> talk.send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + "zz\r\n{}\r\n0\r\n\r\n")),
    NO_GZIP(
            Row.BROKEN_ANSWER,
            502,
            Help.FALLBACK,
            talk -> talk.send(
                    RawUpstream.json("{\"choices\":[]}").replace("\r\n\r\n", "\r\nContent-Encoding: gzip\r\n\r\n"))),
    EMPTY(Row.BROKEN_ANSWER, 502, Help.FALLBACK, answers("")),
    NULL(Row.BROKEN_ANSWER, 502, Help.FALLBACK, answers("null")),
    NO_JSON(Row.BROKEN_ANSWER, 502, Help.FALLBACK, answers("{\"choices\":[{]}")),
    MORE_THAN_JSON(Row.BROKEN_ANSWER, 502, Help.FALLBACK, answers("{\"choices\":[],\"data\":[]}{")),
    ANOTHER_SHAPE(Row.BROKEN_ANSWER, 502, Help.FALLBACK, answers("{\"answer\":42}")),
    A_LIST(Row.BROKEN_ANSWER, 502, Help.FALLBACK, answers("[{\"choices\":[]}]")),
    A_PAGE(
            Row.BROKEN_ANSWER,
            502,
            Help.FALLBACK,
            talk -> talk.send(RawUpstream.json("<html>Sign in</html>").replace("application/json", "text/html"))),
    A_PAGE_IN_PLACE_OF_A_REFUSAL(
            Row.BROKEN_ANSWER,
            502,
            Help.RETRY,
            talk -> talk.send(RawUpstream.json("<html>busy</html>")
                    .replace("200 OK", "503 Busy")
                    .replace("application/json", "text/html"))),

    ENDLESS(Row.LARGE_ANSWER, 502, Help.FALLBACK, talk -> {
        talk.send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n");
        String chunk = RawUpstream.chunk(" ".repeat(64 * 1024));
        for (int sent = 0; sent < 4_096; sent++) {
            talk.send(chunk);
        }
    }),
    A_BOMB(Row.LARGE_ANSWER, 502, Help.FALLBACK, talk -> talk.send(Bombs.BOMB)),

    ELSEWHERE(
            Row.REDIRECT,
            502,
            Help.FALLBACK,
            talk -> talk.send("HTTP/1.1 307 Elsewhere\r\nLocation: /v1/elsewhere\r\nContent-Length: 0\r\n\r\n")),

    SILENT(Row.NO_ANSWER, 504, Help.FALLBACK, RawUpstream.Talk::awaitClose),
    SILENT_IN_THE_HEAD(Row.NO_ANSWER, 504, Help.FALLBACK, talk -> {
        talk.send("HTTP/1.1 200 OK\r\n");
        talk.awaitClose();
    }),
    SILENT_IN_THE_BODY(Row.NO_ANSWER, 504, Help.FALLBACK, talk -> {
        talk.send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{");
        talk.awaitClose();
    }),

    TOO_MANY_REQUESTS(Row.EARLY_REFUSAL, 429, Help.RETRY, refuses(429)),
    LATE_REQUEST(Row.EARLY_REFUSAL, 408, Help.RETRY, refuses(408)),
    SERVER_ERROR(Row.EARLY_REFUSAL, 500, Help.RETRY, refuses(500)),
    BAD_GATEWAY(Row.EARLY_REFUSAL, 502, Help.RETRY, refuses(502)),
    UNAVAILABLE(Row.EARLY_REFUSAL, 503, Help.RETRY, refuses(503)),
    OVERLOADED(Row.EARLY_REFUSAL, 529, Help.RETRY, refuses(529)),
    NOT_IMPLEMENTED(Row.EARLY_REFUSAL, 501, Help.NONE, refuses(501)),
    UNPAID(Row.EARLY_REFUSAL, 402, Help.FALLBACK, refuses(402)),
    UNAUTHORIZED(Row.EARLY_REFUSAL, 401, Help.FALLBACK, refuses(401)),
    FORBIDDEN(Row.EARLY_REFUSAL, 403, Help.FALLBACK, refuses(403)),
    NO_SUCH_MODEL(Row.EARLY_REFUSAL, 404, Help.FALLBACK, refuses(404)),
    BAD_REQUEST(Row.EARLY_REFUSAL, 400, Help.NONE, refuses(400)),
    CONFLICT(Row.EARLY_REFUSAL, 409, Help.NONE, refuses(409)),
    TOO_LARGE(Row.EARLY_REFUSAL, 413, Help.NONE, refuses(413)),
    NO_SUCH_TYPE(Row.EARLY_REFUSAL, 415, Help.NONE, refuses(415)),
    UNPROCESSABLE(Row.EARLY_REFUSAL, 422, Help.NONE, refuses(422));

    /** What may help a call that met this. */
    private enum Help {
        /** Asking the same target again, or another one. */
        RETRY,
        /** Asking another target only. */
        FALLBACK,
        /** Nothing: the caller must ask for something else. */
        NONE
    }

    private final Row row;
    private final int status;
    private final Help help;
    private final RawUpstream.Script script;

    UpstreamFault(Row row, int status, Help help, RawUpstream.Script script) {
        this.row = row;
        this.status = status;
        this.help = help;
        this.script = script;
    }

    /** Those of one row. */
    static Stream<UpstreamFault> of(Row row) {
        return Arrays.stream(values()).filter(fault -> fault.row == row);
    }

    /** What a caller is answered that nobody could help. */
    int status() {
        return status;
    }

    boolean retryable() {
        return help == Help.RETRY;
    }

    boolean movesOn() {
        return help != Help.NONE;
    }

    /** Whether it shows only when a time is up. */
    boolean takesTime() {
        return row == Row.NO_ANSWER;
    }

    /** The wait it names. */
    Optional<String> retryAfter() {
        return row == Row.EARLY_REFUSAL ? Optional.of("1") : Optional.empty();
    }

    /** Whether the connection ends with it. */
    boolean breaksOff() {
        return row == Row.BROKEN_CONNECTION;
    }

    /** Whether the connection ends before a byte of an answer. */
    boolean looksStale() {
        return this == CLOSES_WITHOUT_A_WORD || this == RESETS_WITHOUT_A_WORD;
    }

    boolean isLarge() {
        return row == Row.LARGE_ANSWER;
    }

    /** Does it to every request on a connection, as long as there is one. */
    void instead(RawUpstream.Talk talk) throws IOException, InterruptedException {
        while (talk.readRequest()) {
            happen(talk);
            if (breaksOff()) {
                return;
            }
        }
    }

    /** Does it on a connection on which a request was read. */
    void happen(RawUpstream.Talk talk) throws IOException, InterruptedException {
        script.run(talk);
    }

    private static RawUpstream.Script answers(String body) {
        return talk -> talk.send(RawUpstream.json(body));
    }

    private static RawUpstream.Script refuses(int status) {
        String refusal = RawUpstream.json("{\"error\":{\"message\":\"not now\"}}")
                .replace("200 OK", status + " Oops\r\nRetry-After: 1");
        return talk -> talk.send(refusal);
    }

    /** Made once. */
    private static final class Bombs {
        private static final int MEBIBYTES = 64;
        private static final byte[] BOMB = bomb();

        private static byte[] bomb() {
            ByteArrayOutputStream zipped = new ByteArrayOutputStream();
            try (GZIPOutputStream zip = new GZIPOutputStream(zipped)) {
                for (int i = 0; i < MEBIBYTES; i++) {
                    zip.write(new byte[1 << 20]);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            ByteArrayOutputStream answer = new ByteArrayOutputStream();
            answer.writeBytes(("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\n"
                            + "Content-Length: " + zipped.size() + "\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            answer.writeBytes(zipped.toByteArray());
            return answer.toByteArray();
        }
    }
}
