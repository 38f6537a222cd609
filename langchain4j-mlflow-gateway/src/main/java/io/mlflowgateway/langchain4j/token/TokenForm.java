package io.mlflowgateway.langchain4j.token;

import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** What is sent to an identity server: a form, by RFC 6749, sections 2.3.1 and 4.4.2. */
final class TokenForm {

    private final URI url;
    private final String clientId;
    private final String clientSecret;
    private final String scope;
    private final boolean basic;

    TokenForm(String url, String clientId, String clientSecret, String scope, boolean basic) {
        this.url = address(url);
        this.clientId = clientId;
        this.clientSecret = clientSecret;
        this.scope = scope;
        this.basic = basic;
    }

    HttpRequest request() {
        HttpRequest.Builder request = HttpRequest.newBuilder(url)
                .header("Accept", "application/json")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(form()));
        if (basic) {
            request.header("Authorization", "Basic " + basic());
        }
        return request.build();
    }

    /** A text of the identity server's, which may repeat what it was shown. */
    String masked(String text) {
        return text.replace(basic(), "***").replace(clientSecret, "***").replace(encoded(clientSecret), "***");
    }

    private String basic() {
        byte[] pair = (encoded(clientId) + ":" + encoded(clientSecret)).getBytes(StandardCharsets.UTF_8);
        return Base64.getEncoder().encodeToString(pair);
    }

    private String form() {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("grant_type", "client_credentials");
        if (!basic) {
            fields.put("client_id", clientId);
            fields.put("client_secret", clientSecret);
        }
        if (!scope.isBlank()) {
            fields.put("scope", scope);
        }
        return fields.entrySet().stream()
                .map(field -> field.getKey() + "=" + encoded(field.getValue()))
                .collect(Collectors.joining("&"));
    }

    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static URI address(String url) {
        URI uri;
        try {
            uri = URI.create(url);
        } catch (IllegalArgumentException malformed) {
            // Without the cause: it quotes the address.
            throw new IllegalArgumentException("tokenUrl is not a URL");
        }
        boolean web = "https".equalsIgnoreCase(uri.getScheme()) || "http".equalsIgnoreCase(uri.getScheme());
        if (!web || uri.getHost() == null || uri.getRawUserInfo() != null) {
            throw new IllegalArgumentException("tokenUrl must be an http or https address without a user");
        }
        return uri;
    }

    /** The address, without its query. */
    @Override
    public String toString() {
        String port = url.getPort() < 0 ? "" : ":" + url.getPort();
        return url.getScheme() + "://" + url.getHost() + port + url.getPath();
    }
}
