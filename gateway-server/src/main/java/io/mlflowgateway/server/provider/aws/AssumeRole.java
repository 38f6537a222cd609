package io.mlflowgateway.server.provider.aws;

import io.mlflowgateway.server.query.Payload;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A role that is assumed, and as whom (AWS STS API reference, AssumeRole).
 *
 * @param sessionName shown in Amazon's logs; 2 to 64 of letters, digits and {@code =,.@_-}
 * @param externalId what the role's owner wants to be told, where they do
 * @param duration 15 minutes to 12 hours; an hour where nothing is said
 */
public record AssumeRole(String roleArn, String sessionName, Optional<String> externalId, Optional<Duration> duration) {
    private static final String TYPE = "application/x-www-form-urlencoded; charset=utf-8";

    /** The endpoint of a region of Amazon's common partition, or of China. */
    public static URI endpoint(String region) {
        return URI.create("https://sts." + region + ".amazonaws.com" + (region.startsWith("cn-") ? ".cn" : ""));
    }

    /**
     * The signed request.
     *
     * @param endpoint without a path, or with one that ends without a slash
     * @param by whose credentials sign it
     */
    public CredentialRequest request(URI endpoint, String region, AwsCredentials by, Instant now) {
        String path = endpoint.getRawPath() + "/";
        Payload body = Payload.of(form().getBytes(StandardCharsets.UTF_8));
        Map<String, String> headers = new HashMap<>(Map.of("Content-Type", TYPE));
        AwsRequest request = new AwsRequest("POST", endpoint.getRawAuthority(), path, "", headers, body);
        headers.putAll(new SigV4(region, "sts").sign(request, by, now));
        headers.put("Content-Length", String.valueOf(body.length()));
        String url = endpoint.getScheme() + "://" + endpoint.getRawAuthority() + path;
        return new CredentialRequest("POST", url, headers, body);
    }

    private String form() {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("Action", "AssumeRole");
        fields.put("Version", "2011-06-15");
        fields.put("RoleArn", roleArn);
        fields.put("RoleSessionName", sessionName);
        duration.ifPresent(length -> fields.put("DurationSeconds", String.valueOf(length.toSeconds())));
        externalId.ifPresent(id -> fields.put("ExternalId", id));
        return fields.entrySet().stream()
                .map(field -> field.getKey() + "=" + PercentEncoding.encode(field.getValue()))
                .collect(Collectors.joining("&"));
    }
}
