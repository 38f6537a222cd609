package io.mlflowgateway.server.provider.aws;

import io.mlflowgateway.server.query.Payload;
import io.mlflowgateway.server.secret.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs requests to one service in one region, in headers (AWS Signature Version 4). Stateless and thread-safe.
 * Behind {@link #prepare()} nothing here reads files of the JDK.
 */
public final class SigV4 {
    private static final String ALGORITHM = "AWS4-HMAC-SHA256";
    private static final String TERMINATOR = "aws4_request";
    private static final DateTimeFormatter INSTANT =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final int DAY = "yyyyMMdd".length();

    private final String region;
    private final String service;

    /** @param service its name in signatures, like {@code bedrock} */
    public SigV4(String region, String service) {
        this.region = region;
        this.service = service;
    }

    /** Loads the providers of the JDK's cryptography, for which no event loop is to wait. To be called before one signs. */
    public static void prepare() {
        hmac(new byte[] {1}, "");
        sha256(Payload.of(new byte[0]));
        String unused = INSTANT.format(Instant.EPOCH);
    }

    /**
     * What is to be sent besides the request's own headers: {@code Authorization}, {@code X-Amz-Date}, and with temporary
     * credentials {@code X-Amz-Security-Token}.
     *
     * @param now the instant; services take it for good for some minutes
     */
    public Map<String, String> sign(AwsRequest request, AwsCredentials credentials, Instant now) {
        String instant = INSTANT.format(now);
        Map<String, String> headers = new TreeMap<>();
        headers.put("X-Amz-Date", instant);
        credentials.sessionToken().map(Secret::reveal).ifPresent(token -> headers.put("X-Amz-Security-Token", token));
        CanonicalRequest canonical =
                CanonicalRequest.of(request, headers, hex(sha256(request.body())), service.equals("s3"));
        headers.put("Authorization", authorization(canonical, credentials, instant));
        return headers;
    }

    private String authorization(CanonicalRequest canonical, AwsCredentials credentials, String instant) {
        String day = instant.substring(0, DAY);
        String scope = String.join("/", day, region, service, TERMINATOR);
        byte[] text = canonical.text().getBytes(StandardCharsets.UTF_8);
        String toSign = String.join("\n", ALGORITHM, instant, scope, hex(sha256(Payload.of(text))));
        byte[] signature = hmac(key(credentials.secretKey(), day), toSign);
        return ALGORITHM + " Credential=" + credentials.accessKeyId() + "/" + scope + ", SignedHeaders="
                + canonical.signedHeaders() + ", Signature=" + hex(signature);
    }

    private byte[] key(Secret secret, String day) {
        byte[] ofDay = hmac(("AWS4" + secret.reveal()).getBytes(StandardCharsets.UTF_8), day);
        return hmac(hmac(hmac(ofDay, region), service), TERMINATOR);
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java runtime has HMAC with SHA-256", e);
        }
    }

    private static byte[] sha256(Payload bytes) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            bytes.writeTo(digest::update);
            return digest.digest();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
