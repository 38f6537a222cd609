package io.mlflowgateway.server.credential;

import io.mlflowgateway.server.provider.Sender;
import io.mlflowgateway.server.provider.UpstreamRequest;
import io.mlflowgateway.server.provider.UpstreamResponse;
import io.mlflowgateway.server.query.Deadline;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** A token endpoint that answers when, and what, the test says. */
final class FakeEndpoint implements Sender {
    private final List<UpstreamRequest> requests = new CopyOnWriteArrayList<>();
    private final List<Sinks.One<UpstreamResponse>> open = new CopyOnWriteArrayList<>();

    @Override
    public Mono<UpstreamResponse> send(UpstreamRequest request, Deadline deadline) {
        return Mono.defer(() -> asked(request));
    }

    private Mono<UpstreamResponse> asked(UpstreamRequest request) {
        Sinks.One<UpstreamResponse> answer = Sinks.one();
        requests.add(request);
        open.add(answer);
        return answer.asMono();
    }

    /** How often it was asked. */
    int asked() {
        return requests.size();
    }

    UpstreamRequest request() {
        return requests.get(requests.size() - 1);
    }

    /** Answers the last request with a token that is good for an hour. */
    void gives(String token) {
        gives(200, "{\"access_token\":\"" + token + "\",\"token_type\":\"Bearer\",\"expires_in\":3600}");
    }

    /** Answers the last request. */
    void gives(int status, String json) {
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        open.get(open.size() - 1)
                .emitValue(
                        new UpstreamResponse.Whole(status, Optional.empty(), "application/json", body),
                        Sinks.EmitFailureHandler.FAIL_FAST);
    }

    /** Breaks the last request off. */
    void breaks(Throwable failure) {
        open.get(open.size() - 1).emitError(failure, Sinks.EmitFailureHandler.FAIL_FAST);
    }
}
