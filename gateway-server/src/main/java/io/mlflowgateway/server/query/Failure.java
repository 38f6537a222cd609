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
        INVALID_REQUEST(400, "invalid_request", Source.GATEWAY),
        UNPROCESSABLE(422, "invalid_parameters", Source.GATEWAY),
        UNAUTHENTICATED(401, "unauthenticated", Source.GATEWAY),
        FORBIDDEN(403, "forbidden", Source.GATEWAY),
        /** Nobody knows what the model costs, and the configuration wants no such calls. */
        PRICE_UNKNOWN(403, "price_unknown", Source.GATEWAY),
        NOT_FOUND(404, "not_found", Source.GATEWAY),
        /** No route of this name, where the name came in the body. */
        MODEL_NOT_FOUND(404, "model_not_found", Source.GATEWAY),
        METHOD_NOT_ALLOWED(405, "method_not_allowed", Source.GATEWAY),
        REQUEST_TIMEOUT(408, "request_timeout", Source.GATEWAY),
        TOO_LARGE(413, "request_too_large", Source.GATEWAY),
        URL_TOO_LONG(414, "url_too_long", Source.GATEWAY),
        UNSUPPORTED_MEDIA_TYPE(415, "unsupported_media_type", Source.GATEWAY),
        MISDIRECTED(421, "misdirected_request", Source.GATEWAY),
        HEAD_TOO_LARGE(431, "request_head_too_large", Source.GATEWAY),
        RATE_LIMITED(429, "rate_limit_exceeded", Source.GATEWAY),
        BUG(500, "internal_error", Source.GATEWAY),
        NOT_IMPLEMENTED(501, "not_implemented", Source.GATEWAY),
        UNAVAILABLE(503, "unavailable", Source.GATEWAY),
        /** The provider answered with a status of 400 or more; the status is passed on. */
        UPSTREAM_REFUSED(502, "upstream_refused", Source.UPSTREAM),
        /** No connection, or it broke before the answer was whole. */
        UPSTREAM_UNREACHABLE(502, "upstream_unreachable", Source.UPSTREAM),
        /** An answer that is not what the wire format says. */
        UPSTREAM_INVALID(502, "upstream_invalid_response", Source.UPSTREAM),
        UPSTREAM_TIMEOUT(504, "upstream_timeout", Source.UPSTREAM);

        private final int status;
        private final String code;
        private final Source source;

        Kind(int status, String code, Source source) {
            this.status = status;
            this.code = code;
            this.source = source;
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

    /**
     * What some failures say besides.
     *
     * @param answered the status an upstream answered with; 0 where none did
     * @param unsent whether it is certain that nothing was sent upstream
     * @param blameless whether it says nothing about the target
     */
    private record Details(
            Optional<String> retryAfter,
            List<Violation> violations,
            Optional<String> detailJson,
            String code,
            int answered,
            boolean unsent,
            boolean blameless) {
        static Details of(Kind kind) {
            return new Details(Optional.empty(), List.of(), Optional.empty(), kind.code(), 0, false, false);
        }
    }

    private final Kind kind;
    private final int status;
    private final transient Details details;

    private Failure(Kind kind, int status, String message, Details details, @Nullable Throwable cause) {
        super(message, cause, false, false);
        this.kind = kind;
        this.status = status;
        this.details = details;
    }

    /** A failure whose kind says it all. */
    public static Failure of(Kind kind, String message) {
        return new Failure(kind, kind.status(), message, Details.of(kind), null);
    }

    /** As {@link #of(Kind, String)}, keeping what led to it for the log. */
    public static Failure of(Kind kind, String message, Throwable cause) {
        return new Failure(kind, kind.status(), message, Details.of(kind), cause);
    }

    /** A body that breaks the API's rules, each breach named. */
    public static Failure violations(List<Violation> violations) {
        Kind kind = Kind.UNPROCESSABLE;
        String message =
                violations.isEmpty() ? "invalid body" : violations.get(0).message();
        Details details =
                new Details(Optional.empty(), List.copyOf(violations), Optional.empty(), kind.code(), 0, false, false);
        return new Failure(kind, kind.status(), message, details, null);
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
        return new Failure(kind, status, message, Details.of(kind), null).answered(status);
    }

    /** The same with a {@code Retry-After} value, seconds or an HTTP date. */
    public Failure retryAfter(String value) {
        Details d = details;
        return with(
                new Details(Optional.of(value), d.violations, d.detailJson, d.code, d.answered, d.unsent, d.blameless));
    }

    /** The same with the provider's masked error document, which MLflow's dialect shows in place of the message. */
    public Failure detailJson(String json) {
        Details d = details;
        return with(
                new Details(d.retryAfter, d.violations, Optional.of(json), d.code, d.answered, d.unsent, d.blameless));
    }

    /**
     * The same with the provider's own error code, for example {@code context_length_exceeded}.
     *
     * @param code a short word without anything that needs escaping
     */
    public Failure code(String code) {
        Details d = details;
        return with(new Details(d.retryAfter, d.violations, d.detailJson, code, d.answered, d.unsent, d.blameless));
    }

    /**
     * The same, of an answer whose status the caller does not get to see.
     *
     * @param upstreamStatus what the upstream answered with
     */
    public Failure answered(int upstreamStatus) {
        Details d = details;
        return with(
                new Details(d.retryAfter, d.violations, d.detailJson, d.code, upstreamStatus, d.unsent, d.blameless));
    }

    /** The same, where it is certain that nothing was sent: no connection came about. */
    public Failure unsent() {
        Details d = details;
        return with(new Details(d.retryAfter, d.violations, d.detailJson, d.code, d.answered, true, d.blameless));
    }

    /** The same, where it says nothing about the target: the time was gone by others, the caller among them. */
    public Failure blameless() {
        Details d = details;
        return with(new Details(d.retryAfter, d.violations, d.detailJson, d.code, d.answered, d.unsent, true));
    }

    /** The same in other words. */
    public Failure saying(String message) {
        return new Failure(kind, status, message, details, getCause());
    }

    private Failure with(Details changed) {
        return new Failure(kind, status, getMessage(), changed, getCause());
    }

    /** A stable word for programs: the provider's where it gave one, otherwise the kind's. */
    public String code() {
        return details.code;
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
        return details.retryAfter;
    }

    public List<Violation> violations() {
        return details.violations;
    }

    public Optional<String> detailJson() {
        return details.detailJson;
    }

    /** Whether it says anything about the target: the gateway's own refusals never do. */
    public boolean concernsTarget() {
        return kind.source() == Source.UPSTREAM && !details.blameless;
    }

    /**
     * Whether the same target may well answer when it is asked once more, before the first piece is out: no connection, one
     * that broke, or a status that says "not now" (408, 429, 5xx but 501).
     */
    public boolean retryable() {
        return switch (kind) {
            case UPSTREAM_UNREACHABLE -> true;
            case UPSTREAM_TIMEOUT -> details.unsent;
            case UPSTREAM_REFUSED, UPSTREAM_INVALID -> retryable(details.answered);
            default -> false;
        };
    }

    /**
     * Whether it is the target that failed, and not the request or the gateway, so that another target may do better:
     * what is {@link #retryable()}, an answer that came too late or was none, a credential or a model it does not take.
     */
    public boolean blamesTarget() {
        return !details.blameless && blamesTargetByKind();
    }

    /**
     * Whether another target may be asked: this one {@linkplain #blamesTarget failed}, may not be asked for its price, or
     * cannot be asked this, since its provider's form has no words for it. Of a failure that came from a target: what every
     * target would be refused for is found before the first is chosen.
     */
    public boolean leavesOtherTargets() {
        return switch (kind) {
            case PRICE_UNKNOWN, UNPROCESSABLE, INVALID_REQUEST -> true;
            default -> blamesTarget();
        };
    }

    private boolean blamesTargetByKind() {
        return switch (kind) {
            case UPSTREAM_UNREACHABLE, UPSTREAM_TIMEOUT -> true;
            case UPSTREAM_REFUSED -> ofTarget(details.answered);
            // A refusal in a shape that is not the provider's goes by its status too.
            case UPSTREAM_INVALID -> details.answered < 400 || ofTarget(details.answered);
            default -> false;
        };
    }

    private static boolean retryable(int status) {
        return status == 408 || status == 429 || (status >= 500 && status != 501);
    }

    private static boolean ofTarget(int status) {
        return retryable(status) || (status >= 401 && status <= 404);
    }

    @Override
    public String getMessage() {
        String message = super.getMessage();
        return message == null ? "" : message;
    }
}
