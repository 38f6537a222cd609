package io.mlflowgateway.server.http;

import io.mlflowgateway.server.config.Limits;
import io.mlflowgateway.server.query.Failure;
import io.mlflowgateway.server.query.Failure.Kind;
import io.mlflowgateway.server.query.Notes;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.util.AsciiString;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** Checks a decoded request head and turns it into a {@link Head}. What the codec lets through is settled here. */
final class HeadReader {
    private static final AsciiString REQUEST_ID_HEADER = AsciiString.cached("x-request-id");
    private static final Pattern REQUEST_ID = Pattern.compile("[A-Za-z0-9_.:-]{1,64}");
    private static final Pattern HOST = Pattern.compile("(\\[[0-9A-Fa-f:.]+]|[A-Za-z0-9._-]+)(:[0-9]{1,5})?");

    private final Supplier<String> ids;
    private final Duration total;
    private final Limits limits;
    private final Hosts hosts;
    // Found well-formed and ours: nearly every request names the same one.
    private volatile Optional<String> lastHost = Optional.empty();

    /**
     * @param ids makes request ids for callers that bring none
     * @param total how long an exchange may take
     * @param limits named where a head is past them
     * @param hosts whose names requests may be addressed to
     */
    HeadReader(Supplier<String> ids, Duration total, Limits limits, Hosts hosts) {
        this.ids = ids;
        this.total = total;
        this.limits = limits;
        this.hosts = hosts;
    }

    /** The head without any check of what it asks for, so that a refusal has somewhere to go. */
    Head read(HttpRequest request) {
        if (request.uri().isEmpty()) {
            // Refused before its request line was whole.
            return nameless();
        }
        HttpHeaders headers = request.headers();
        String target = request.uri();
        int mark = target.indexOf('?');
        String rawPath = mark < 0 ? target : target.substring(0, mark);
        String id = Optional.ofNullable(headers.get(REQUEST_ID_HEADER))
                .filter(given -> REQUEST_ID.matcher(given).matches())
                .orElseGet(ids);
        String method = request.method().name();
        String path = RequestPath.decode(rawPath).orElse("");
        return new Head(
                id,
                method,
                path,
                mark < 0 ? "" : target.substring(mark + 1),
                headers::get,
                HttpVersion.HTTP_1_0.equals(request.protocolVersion()),
                new Notes(id, method, path, total));
    }

    /** Stands in where no head could be read, so that the refusal has an id. */
    Head nameless() {
        String id = ids.get();
        return new Head(id, "GET", "/", "", name -> null, false, new Notes(id, "", "", total));
    }

    /**
     * What is wrong with the head, if anything.
     *
     * @param head what {@link #read} made of the request
     */
    Optional<Failure> problem(Head head, HttpRequest request) {
        if (request.decoderResult().isFailure()) {
            return Optional.of(undecodable(request.decoderResult().cause()));
        }
        if (!knownVersion(request.protocolVersion())) {
            return Optional.of(bad("HTTP/1.1 and HTTP/1.0 are spoken here"));
        }
        HttpHeaders headers = request.headers();
        List<String> codings = headers.getAll(HttpHeaderNames.TRANSFER_ENCODING);
        if (codings.size() > 1 || (codings.size() == 1 && !codings.get(0).equalsIgnoreCase("chunked"))) {
            return Optional.of(bad("the only Transfer-Encoding spoken here is chunked"));
        }
        Optional<Failure> misdirected = misdirected(request);
        if (misdirected.isPresent()) {
            return misdirected;
        }
        if (head.method().equals("CONNECT")) {
            return Optional.of(bad("this is no proxy: CONNECT is not spoken here"));
        }
        if (head.path().isEmpty()) {
            return Optional.of(bad("the request path is malformed"));
        }
        if (headers.contains(HttpHeaderNames.CONTENT_ENCODING)
                && !"identity".equalsIgnoreCase(headers.get(HttpHeaderNames.CONTENT_ENCODING))) {
            return Optional.of(Failure.of(
                    Kind.UNSUPPORTED_MEDIA_TYPE, "compressed request bodies are not accepted (Content-Encoding)"));
        }
        return Optional.empty();
    }

    /** One Host, well-formed, ours, and the same as in a target that names one, too. */
    private Optional<Failure> misdirected(HttpRequest request) {
        List<String> named = request.headers().getAll(HttpHeaderNames.HOST);
        Optional<String> asked = RequestPath.authority(request.uri());
        boolean needed = !HttpVersion.HTTP_1_0.equals(request.protocolVersion()) || asked.isPresent();
        if (named.size() > 1 || (needed && named.isEmpty())) {
            return Optional.of(bad("exactly one Host header is needed"));
        }
        if (named.isEmpty()) {
            return Optional.empty();
        }
        String host = named.get(0);
        if (asked.isEmpty() && lastHost.filter(host::equals).isPresent()) {
            return Optional.empty();
        }
        if (!HOST.matcher(host).matches()) {
            return Optional.of(bad("the Host header is malformed"));
        }
        if (asked.isPresent() && !asked.get().equalsIgnoreCase(host)) {
            return Optional.of(bad("the request target names another host than the Host header"));
        }
        if (!hosts.allow(host)) {
            return Optional.of(Failure.of(Kind.MISDIRECTED, "this gateway does not answer to that Host name"));
        }
        lastHost = Optional.of(host);
        return Optional.empty();
    }

    private static boolean knownVersion(HttpVersion version) {
        return HttpVersion.HTTP_1_1.equals(version) || HttpVersion.HTTP_1_0.equals(version);
    }

    private Failure undecodable(Throwable cause) {
        if (cause instanceof TooLongHttpLineException) {
            return Failure.of(Kind.URL_TOO_LONG, "the request line is longer than " + limits.url() + " bytes");
        }
        if (cause instanceof TooLongHttpHeaderException) {
            return Failure.of(
                    Kind.HEAD_TOO_LARGE,
                    "the request head is larger than " + limits.requestHead() + " bytes, or has more than "
                            + limits.requestHeaders() + " headers");
        }
        return bad("malformed HTTP request");
    }

    private static Failure bad(String message) {
        return Failure.of(Kind.INVALID_REQUEST, message);
    }
}
