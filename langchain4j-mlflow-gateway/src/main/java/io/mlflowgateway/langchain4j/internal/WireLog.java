package io.mlflowgateway.langchain4j.internal;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;

/**
 * Writes requests and answers to a log, without credentials and with bodies cut, the base64 of images first.
 *
 * @param logger where
 * @param requests whether requests are written
 * @param responses whether answers are written
 */
public record WireLog(Logger logger, boolean requests, boolean responses) {

    void request(TransportRequest request) {
        if (requests && logger.isInfoEnabled()) {
            logger.info(
                    "HTTP request: {} {} headers={} body={}",
                    request.method(),
                    request.uri().getPath(),
                    SecretWords.masked(request.headers()),
                    request.body().map(LoggedBody::of).orElse("none"));
        }
    }

    void response(ResponseHead head, byte[] body, TransportRequest request) {
        if (responses && logger.isInfoEnabled()) {
            logger.info(
                    "HTTP response: {} headers={} body={}",
                    head.status(),
                    shown(head),
                    shown(new String(body, StandardCharsets.UTF_8), request));
        }
    }

    void streamOpened(ResponseHead head) {
        if (responses && logger.isInfoEnabled()) {
            logger.info("HTTP response: {} headers={} body=stream", head.status(), shown(head));
        }
    }

    void event(SseEvent event, TransportRequest request) {
        if (responses && logger.isInfoEnabled()) {
            logger.info("HTTP response event: {} {}", event.type(), shown(event.data(), request));
        }
    }

    /** Masked before it is cut: half a secret would not be found. */
    private static String shown(String body, TransportRequest request) {
        return LoggedBody.of(SecretWords.masked(body, request));
    }

    private static Map<String, String> shown(ResponseHead head) {
        Map<String, String> flat = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        head.headers().forEach((name, values) -> flat.put(name, String.join(", ", values)));
        return SecretWords.masked(flat);
    }
}
