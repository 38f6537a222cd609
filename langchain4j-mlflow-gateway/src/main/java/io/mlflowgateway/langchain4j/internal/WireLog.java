package io.mlflowgateway.langchain4j.internal;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;

/**
 * Writes requests and answers to a log, without credentials and with bodies cut.
 *
 * @param logger where
 * @param requests whether requests are written
 * @param responses whether answers are written
 */
public record WireLog(Logger logger, boolean requests, boolean responses) {

    private static final int BODY_LIMIT = 4_000;

    void request(TransportRequest request) {
        if (requests && logger.isInfoEnabled()) {
            logger.info(
                    "HTTP request: {} {} headers={} body={}",
                    request.method(),
                    request.uri().getPath(),
                    SecretWords.masked(request.headers()),
                    request.body().map(WireLog::cut).orElse("none"));
        }
    }

    void response(ResponseHead head, byte[] body, TransportRequest request) {
        if (responses && logger.isInfoEnabled()) {
            logger.info(
                    "HTTP response: {} headers={} body={}",
                    head.status(),
                    shown(head),
                    SecretWords.masked(cut(body), request.headers()));
        }
    }

    void streamOpened(ResponseHead head) {
        if (responses && logger.isInfoEnabled()) {
            logger.info("HTTP response: {} headers={} body=stream", head.status(), shown(head));
        }
    }

    void event(SseEvent event) {
        if (responses && logger.isInfoEnabled()) {
            logger.info("HTTP response event: {} {}", event.type(), cut(event.data()));
        }
    }

    private static Map<String, String> shown(ResponseHead head) {
        Map<String, String> flat = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        head.headers().forEach((name, values) -> flat.put(name, String.join(", ", values)));
        return SecretWords.masked(flat);
    }

    private static String cut(byte[] body) {
        // Cut before decoding: an image would be decoded only to be thrown away.
        int length = Math.min(body.length, BODY_LIMIT);
        String text = new String(body, 0, length, StandardCharsets.UTF_8);
        return length == body.length ? text : text + "... (" + body.length + " bytes)";
    }

    private static String cut(String text) {
        return text.length() <= BODY_LIMIT
                ? text
                : text.substring(0, BODY_LIMIT) + "... (" + text.length() + " characters)";
    }
}
