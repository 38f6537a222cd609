package io.mlflowgateway.server.query;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A refusal the caller can act on. The kind fixes the status, the wire code and whether another attempt may help; the
 * dialect of the caller's surface gives it its JSON. Anything else that is thrown is a bug and becomes a bare 500.
 *
 * <p>Messages are shown to callers: no credential, no upstream body or header stands in one unmasked. No stack trace is
 * taken, failures are ordinary results.
 */
public final class Failure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Who refused: {@code X-Gateway-Error-Source}. */
    public enum Source {
        GATEWAY("gateway"),
        UPSTREAM("upstream");

        private final String wireName;

        Source(String wireName) {
            this.wireName = wireName;
        }

        public String wireName() {
            return wireName;
        }
    }

    /** What went wrong. */
    public enum Kind {
        INVALID_REQUEST(400, "invalid_request", Source.GATEWAY, false),
        UNPROCESSABLE(422, "invalid_parameters", Source.GATEWAY, false),
        UNAUTHENTICATED(401, "unauthenticated", Source.GATEWAY, false),
        FORBIDDEN(403, "forbidden", Source.GATEWAY, false),
        NOT_FOUND(404, "not_found", Source.GATEWAY, false),
        /** No route of this name, where the name came in the body. */
        MODEL_NOT_FOUND(404, "model_not_found", Source.GATEWAY, false),
        METHOD_NOT_ALLOWED(405, "method_not_allowed", Source.GATEWAY, false),
        REQUEST_TIMEOUT(408, "request_timeout", Source.GATEWAY, false),
        TOO_LARGE(413, "request_too_large", Source.GATEWAY, false),
        URL_TOO_LONG(414, "url_too_long", Source.GATEWAY, false),
        UNSUPPORTED_MEDIA_TYPE(415, "unsupported_media_type", Source.GATEWAY, false),
        MISDIRECTED(421, "misdirected_request", Source.GATEWAY, false),
        HEAD_TOO_LARGE(431, "request_head_too_large", Source.GATEWAY, false),
        RATE_LIMITED(429, "rate_limit_exceeded", Source.GATEWAY, false),
        BUG(500, "internal_error", Source.GATEWAY, false),
        NOT_IMPLEMENTED(501, "not_implemented", Source.GATEWAY, false),
        UNAVAILABLE(503, "unavailable", Source.GATEWAY, false),
        /** The provider answered with a status of 400 or more; the status is passed on. */
        UPSTREAM_REFUSED(502, "upstream_refused", Source.UPSTREAM, false),
        /** No connection, or it broke before the answer was whole. */
        UPSTREAM_UNREACHABLE(502, "upstream_unreachable", Source.UPSTREAM, true),
        /** An answer that is not what the wire format says. */
        UPSTREAM_INVALID(502, "upstream_invalid_response", Source.UPSTREAM, false),
        UPSTREAM_TIMEOUT(504, "upstream_timeout", Source.UPSTREAM, false);

        private final int status;
        private final String code;
        private final Source source;
        private final boolean retryable;

        Kind(int status, String code, Source source, boolean retryable) {
            this.status = status;
            this.code = code;
            this.source = source;
            this.retryable = retryable;
        }

        public int status() {
            return status;
        }

        public String code() {
            return code;
        }

        public Source source() {
            return source;
        }
    }

    private final Kind kind;
    private final int status;
    private final Optional<String> retryAfter;
    private final transient List<Violation> violations;
    private final Optional<String> detailJson;
    private final String code;

    private Failure(
            Kind kind,
            int status,
            String message,
            Optional<String> retryAfter,
            List<Violation> violations,
            Optional<String> detailJson,
            String code,
            @Nullable Throwable cause) {
        super(message, cause, false, false);
        this.kind = kind;
        this.status = status;
        this.retryAfter = retryAfter;
        this.violations = List.copyOf(violations);
        this.detailJson = detailJson;
        this.code = code;
    }

    /** A failure whose kind says it all. */
    public static Failure of(Kind kind, String message) {
        return new Failure(
                kind, kind.status(), message, Optional.empty(), List.of(), Optional.empty(), kind.code(), null);
    }

    /** As {@link #of(Kind, String)}, keeping what led to it for the log. */
    public static Failure of(Kind kind, String message, Throwable cause) {
        return new Failure(
                kind, kind.status(), message, Optional.empty(), List.of(), Optional.empty(), kind.code(), cause);
    }

    /** A body that breaks the API's rules, each breach named. */
    public static Failure violations(List<Violation> violations) {
        String message =
                violations.isEmpty() ? "invalid body" : violations.get(0).message();
        return new Failure(
                Kind.UNPROCESSABLE,
                422,
                message,
                Optional.empty(),
                violations,
                Optional.empty(),
                Kind.UNPROCESSABLE.code(),
                null);
    }

    /**
     * The route's limit is used up.
     *
     * @param retryAfterSeconds until a call may pass again, at least 1
     */
    public static Failure rateLimited(CallLimit limit, long retryAfterSeconds) {
        String message = "Rate limit exceeded: " + limit.calls() + " per " + limit.periodText();
        return of(Kind.RATE_LIMITED, message).retryAfter(Long.toString(retryAfterSeconds));
    }

    /**
     * The provider refused.
     *
     * @param status what it answered, 400..599
     * @param message its words, masked
     */
    public static Failure upstream(int status, String message) {
        Kind kind = Kind.UPSTREAM_REFUSED;
        return new Failure(kind, status, message, Optional.empty(), List.of(), Optional.empty(), kind.code(), null);
    }

    /** The same with a {@code Retry-After} value, seconds or an HTTP date. */
    public Failure retryAfter(String value) {
        return new Failure(kind, status, getMessage(), Optional.of(value), violations, detailJson, code, getCause());
    }

    /** The same with the provider's masked error document, which MLflow's dialect shows in place of the message. */
    public Failure detailJson(String json) {
        return new Failure(kind, status, getMessage(), retryAfter, violations, Optional.of(json), code, getCause());
    }

    /**
     * The same with the provider's own error code, for example {@code context_length_exceeded}.
     *
     * @param code a short word without anything that needs escaping
     */
    public Failure code(String code) {
        return new Failure(kind, status, getMessage(), retryAfter, violations, detailJson, code, getCause());
    }

    /** A stable word for programs: the provider's where it gave one, otherwise the kind's. */
    public String code() {
        return code;
    }

    public Kind kind() {
        return kind;
    }

    /** The HTTP status for the caller. */
    public int status() {
        return status;
    }

    public Source source() {
        return kind.source();
    }

    public Optional<String> retryAfter() {
        return retryAfter;
    }

    public List<Violation> violations() {
        return violations;
    }

    public Optional<String> detailJson() {
        return detailJson;
    }

    /** Whether another attempt at the same or another target may help (only before the first piece is out). */
    public boolean retryable() {
        return kind == Kind.UPSTREAM_REFUSED
                ? status == 408 || status == 429 || (status >= 500 && status != 501)
                : kind.retryable || kind == Kind.UPSTREAM_TIMEOUT;
    }

    @Override
    public String getMessage() {
        String message = super.getMessage();
        return message == null ? "" : message;
    }
}
