package io.mlflowgateway.langchain4j.internal;

import dev.langchain4j.exception.HttpException;
import io.mlflowgateway.langchain4j.failure.GatewayAuthenticationException;
import io.mlflowgateway.langchain4j.failure.GatewayFailure;
import io.mlflowgateway.langchain4j.failure.GatewayModelNotFoundException;
import java.time.Duration;
import reactor.core.publisher.Mono;

/**
 * Finds out which generation of the API a server speaks. MLflow lists endpoints from 2.9 on and routes from 2.5 on, so
 * the list of endpoints is asked for first, and the list of routes when that is not there.
 */
final class ShapeDetection {

    static final String ENDPOINTS = "/api/2.0/endpoints/";
    static final String ROUTES = "/api/2.0/gateway/routes/";
    /** What Reactor takes as "never expires". */
    private static final Duration FOR_GOOD = Duration.ofMillis(Long.MAX_VALUE);

    private final GatewayConnection connection;

    ShapeDetection(GatewayConnection connection) {
        this.connection = connection;
    }

    /** Asks at most once at a time; an answer is kept for good, a failure not at all. */
    Mono<WireShape> once() {
        return Mono.defer(this::ask).cache(shape -> FOR_GOOD, failure -> Duration.ZERO, () -> Duration.ZERO);
    }

    private Mono<WireShape> ask() {
        return connection
                .get(ENDPOINTS)
                .map(answer -> WireShape.OPENAI)
                .onErrorResume(GatewayModelNotFoundException.class, none -> askForRoutes())
                .onErrorResume(GatewayAuthenticationException.class, this::forbidden);
    }

    private Mono<WireShape> askForRoutes() {
        return connection
                .get(ROUTES)
                .map(answer -> WireShape.CLASSIC)
                .onErrorMap(GatewayModelNotFoundException.class, this::noGateway);
    }

    /** Who may not list may still call: only an address that exists is forbidden. */
    private Mono<WireShape> forbidden(GatewayAuthenticationException refusal) {
        return refusal.details().status().orElse(0) == 403 ? Mono.just(WireShape.OPENAI) : Mono.error(refusal);
    }

    /** The address an OpenAI client has of the same gateway. */
    private String openAi() {
        return connection.baseUrl().toString().endsWith("/v1")
                ? " A baseUrl that ends with /v1 goes with dialect(MlflowGatewayDialect.OPENAI); without the dialect,"
                        + " leave /v1 out."
                : "";
    }

    private GatewayModelNotFoundException noGateway(GatewayModelNotFoundException missing) {
        return new GatewayModelNotFoundException(
                "No gateway at " + connection.baseUrl() + ": it lists neither endpoints (" + ENDPOINTS
                        + ") nor routes (" + ROUTES + "). Check baseUrl, or set dialect." + openAi(),
                ((GatewayFailure) missing).details(),
                new HttpException(404, "no gateway here"));
    }
}
