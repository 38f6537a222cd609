package io.mlflowgateway.server.ui;

import io.mlflowgateway.server.http.Answer;
import io.mlflowgateway.server.http.Endpoint;
import io.mlflowgateway.server.http.Head;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import reactor.core.publisher.Mono;

/**
 * A document held in memory. Browsers keep it, but ask each time whether it is still the one: the answer is then 304
 * without a body. Immutable.
 */
public final class Document implements Endpoint {
    private final Answer.Whole whole;
    private final Answer.Whole unchanged;
    private final String tag;

    private Document(Answer.Whole whole, Answer.Whole unchanged, String tag) {
        this.whole = whole;
        this.unchanged = unchanged;
        this.tag = tag;
    }

    /**
     * A document of this content.
     *
     * @param contentType media type, with charset where it has one
     * @param bytes handed over
     * @param headers more of them, lower-case names
     */
    public static Document of(String contentType, byte[] bytes, Map<String, String> headers) {
        String tag = '"' + hash(bytes) + '"';
        Map<String, String> all = new HashMap<>(headers);
        all.put("cache-control", "no-cache");
        all.put("etag", tag);
        Answer.Whole unchanged = new Answer.Whole(304, all, new byte[0]);
        all.put("content-type", contentType);
        return new Document(new Answer.Whole(200, all, bytes), unchanged, tag);
    }

    @Override
    public Mono<Answer> answer(Head head, byte[] body) {
        boolean known = head.header("if-none-match").map(this::isNamedIn).orElse(false);
        return Mono.just(known ? unchanged : whole);
    }

    private boolean isNamedIn(String tags) {
        return Arrays.stream(tags.split(",")).map(String::strip).anyMatch(this::isThis);
    }

    private boolean isThis(String other) {
        return other.equals("*") || other.equals(tag) || other.equals("W/" + tag);
    }

    private static String hash(byte[] bytes) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
            return HexFormat.of().formatHex(digest, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
