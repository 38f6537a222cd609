package io.mlflowgateway.server.api;

import io.mlflowgateway.server.http.Answer;
import io.mlflowgateway.server.http.Head;
import io.mlflowgateway.server.query.Body;
import io.mlflowgateway.server.query.Failure;
import reactor.core.publisher.Mono;

/**
 * The limits API, of which MLflow's own servers have the paths and no more: a well-formed request is answered with 501.
 * Limits are set in the configuration.
 */
final class LimitsApi {
    private LimitsApi() {}

    static Mono<Answer> get(Head head, byte[] body) {
        throw notOffered();
    }

    static Mono<Answer> set(Head head, byte[] bytes) {
        Invocation.requireJson(head);
        Body body = Invocation.scan(bytes);
        BodyCheck check = new BodyCheck(body);
        check.requiredText("route");
        check.required("limits").ifPresent(limits -> check.list(limits, 0));
        check.finish();
        throw notOffered();
    }

    private static Failure notOffered() {
        return Failure.of(
                Failure.Kind.NOT_IMPLEMENTED,
                "Limits are set in the gateway's configuration ('limit:' of a route), not through this API.");
    }
}
