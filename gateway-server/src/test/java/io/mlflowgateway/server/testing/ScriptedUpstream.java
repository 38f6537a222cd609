package io.mlflowgateway.server.testing;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * An upstream that answers each request as a script says, in OpenAI's words or byte by byte. Counts the connections that
 * are open, so that a test can see them go.
 */
public final class ScriptedUpstream implements AutoCloseable {
    /** What to do with one request. Returning without an exception keeps the connection for the next one. */
    @FunctionalInterface
    public interface Script {
        void answer(Exchange exchange) throws IOException, InterruptedException;
    }

    private final RawUpstream raw;

    public ScriptedUpstream(Script script) {
        raw = new RawUpstream(talk -> answerAll(talk, script));
    }

    private static void answerAll(RawUpstream.Talk talk, Script script) throws IOException, InterruptedException {
        Optional<RawUpstream.Request> request = talk.next();
        while (request.isPresent()) {
            script.answer(new Exchange(talk, request.get()));
            request = talk.next();
        }
    }

    public int port() {
        return raw.port();
    }

    /** For {@code openai_api_base}. */
    public String base() {
        return "http://127.0.0.1:" + port() + "/v1";
    }

    /** How many connections from the gateway there have been. */
    public int connections() {
        return raw.connections();
    }

    /** How many connections from the gateway are open now. */
    public int openConnections() {
        return raw.openConnections();
    }

    /** How many requests have been read whole. */
    public int requests() {
        return raw.requestCount();
    }

    @Override
    public void close() {
        raw.close();
    }

    /** One request and the way to answer it. */
    public static final class Exchange {
        private static final String CHUNK =
                "{\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\","
                        + "\"choices\":[{\"index\":0,\"delta\":{\"content\":\"%s\"},\"finish_reason\":%s}]}";

        private final RawUpstream.Talk talk;
        private final RawUpstream.Request request;

        private Exchange(RawUpstream.Talk talk, RawUpstream.Request request) {
            this.talk = talk;
            this.request = request;
        }

        public String head() {
            return request.head();
        }

        public String body() {
            return request.body();
        }

        /** Sends these very bytes. */
        public Exchange send(byte[] bytes) throws IOException {
            talk.send(bytes);
            return this;
        }

        /** Sends this text as it is. */
        public Exchange send(String text) throws IOException {
            talk.send(text);
            return this;
        }

        /** Answers with a chat completion that says this. */
        public void chat(String content) throws IOException {
            json("{\"id\":\"c\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,"
                    + "\"message\":{\"role\":\"assistant\",\"content\":\"" + content
                    + "\"},\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":1,"
                    + "\"total_tokens\":2}}");
        }

        /** Answers with this document. */
        public void json(String json) throws IOException {
            send(RawUpstream.json(json));
        }

        /** Begins an event stream. */
        public Exchange beginStream() throws IOException {
            return send(RawUpstream.STREAM_HEAD);
        }

        /** Sends text as one HTTP chunk. */
        public Exchange part(String text) throws IOException {
            return send(RawUpstream.chunk(text));
        }

        /** Sends one chat chunk as an event. */
        public Exchange say(String content) throws IOException {
            return part("data: " + String.format(CHUNK, content, "null") + "\n\n");
        }

        /** Ends the stream as OpenAI does. */
        public void endStream() throws IOException {
            part("data: " + String.format(CHUNK, "", "\"stop\"") + "\n\n");
            part("data: [DONE]\n\n");
            send(RawUpstream.LAST_CHUNK);
        }

        /** Takes so long before what follows. */
        public Exchange pause(Duration time) throws InterruptedException {
            talk.idle(time.toMillis());
            return this;
        }

        /** Waits for a test to go on, at most 20 s. */
        public Exchange await(CountDownLatch latch) throws InterruptedException {
            if (!latch.await(20, TimeUnit.SECONDS)) {
                throw new IllegalStateException("the test never went on");
            }
            return this;
        }

        /** Waits until the gateway closes the connection. */
        public void awaitGone() throws IOException {
            talk.awaitClose();
            throw new IOException("gone");
        }

        /** Closes with a reset instead of a FIN. */
        public void reset() throws IOException {
            talk.reset();
        }
    }
}
