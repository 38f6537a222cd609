package io.mlflowgateway.langchain4j.internal;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Where the gateway is. Prints as the address, which holds no secrets: addresses with a user are refused. */
public final class BaseUrl {

    private static final Pattern SCHEME = Pattern.compile("https?://", Pattern.CASE_INSENSITIVE);
    private static final Pattern HOST_AND_PORT = Pattern.compile("([\\w.-]+|\\[[0-9a-fA-F:.]+]):\\d{1,5}(/[\\w./-]*)?");

    private final String address;

    private BaseUrl(String address) {
        this.address = address;
    }

    /**
     * Checks an address.
     *
     * @param baseUrl as the user wrote it; repeated in a message only where it plainly holds no password
     * @return the address without slashes at its end
     */
    public static BaseUrl of(@Nullable String baseUrl) {
        if (baseUrl == null || baseUrl.isBlank()) {
            throw new IllegalArgumentException("baseUrl is required, such as http://127.0.0.1:5000");
        }
        String stripped = baseUrl.strip();
        if (!SCHEME.matcher(stripped).lookingAt()) {
            throw new IllegalArgumentException(withoutScheme(stripped));
        }
        URI uri = parse(stripped);
        if (uri.getHost() == null) {
            throw new IllegalArgumentException(withoutHost(uri));
        }
        if (uri.getPort() > 0xffff) {
            throw new IllegalArgumentException("baseUrl names port " + uri.getPort() + ", but ports end at 65535");
        }
        if (uri.getRawUserInfo() != null) {
            throw new IllegalArgumentException("baseUrl must not hold a user or password; use apiKey or customHeaders");
        }
        if (uri.getRawQuery() != null || uri.getRawFragment() != null) {
            throw new IllegalArgumentException("baseUrl must not hold a query or fragment; use customQueryParams");
        }
        return new BaseUrl(uri.toString().replaceAll("/+$", ""));
    }

    /** The address without its path. */
    String host() {
        URI uri = URI.create(address);
        return uri.getScheme() + "://" + uri.getRawAuthority();
    }

    URI at(String path, Map<String, String> query) {
        String pairs = query.entrySet().stream()
                .map(pair -> encoded(pair.getKey()) + "=" + encoded(pair.getValue()))
                .collect(Collectors.joining("&"));
        String separator = pairs.isEmpty() ? "" : path.contains("?") ? "&" : "?";
        return URI.create(address + path + separator + pairs);
    }

    /**
     * Makes an address the server gave absolute.
     *
     * @param pathOrUrl such as {@code /gateway/chat/invocations}
     * @return the full address
     */
    public String absolute(String pathOrUrl) {
        return pathOrUrl.startsWith("/") ? address + pathOrUrl : pathOrUrl;
    }

    /** A route's name as one segment of a path. */
    static String segment(String name) {
        if (name.isBlank() || name.equals(".") || name.equals("..")) {
            throw new IllegalArgumentException("not the name of a route: '" + name + "'");
        }
        return encoded(name);
    }

    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** Repeats only what is plainly a host and its port: anything else may be a key in the wrong place. */
    private static String withoutScheme(String text) {
        String rule = " must begin with http:// or https://";
        return HOST_AND_PORT.matcher(text).matches()
                ? "baseUrl '" + text + "'" + rule + "; did you mean http://" + text + "?"
                : "baseUrl" + rule + ", such as http://127.0.0.1:5000";
    }

    /** The rest of the address is not repeated: it may hold a password. */
    private static String withoutHost(URI uri) {
        String authority = Optional.ofNullable(uri.getRawAuthority()).orElse("");
        return authority.contains("_")
                ? "baseUrl names a host with '_' in it, which no host name may have: give it another name"
                : "baseUrl must name a host, and its port must be a number";
    }

    private static URI parse(String text) {
        try {
            return new URI(text);
        } catch (URISyntaxException malformed) {
            // Without the cause: it quotes the address.
            throw new IllegalArgumentException("baseUrl is not a URL: " + malformed.getReason());
        }
    }

    @Override
    public String toString() {
        return address;
    }
}
