package io.mlflowgateway.server.api.openai;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mlflowgateway.server.api.Answers;
import io.mlflowgateway.server.api.Dialect;
import io.mlflowgateway.server.http.Answer;
import io.mlflowgateway.server.json.Json;
import io.mlflowgateway.server.query.Failure;
import io.mlflowgateway.server.query.Violation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** OpenAI's envelope: {@code error} with message, type, param and code. Its SDKs choose their exception by the status. */
public final class OpenAiErrors implements Dialect.Errors {

    @Override
    public Answer.Whole answer(String requestId, Failure failure) {
        // OpenAI has no 422 for a wrong body.
        int status = failure.kind() == Failure.Kind.UNPROCESSABLE ? 400 : failure.status();
        return Answers.failure(status, failure, envelope(requestId, failure, status));
    }

    /** The envelope as the last event of a stream. */
    public byte[] event(String requestId, Failure failure) {
        return Json.markupSafeBytes(envelope(requestId, failure, failure.status()));
    }

    private static ObjectNode envelope(String requestId, Failure failure, int status) {
        ObjectNode envelope = JsonNodeFactory.instance.objectNode();
        ObjectNode error = envelope.putObject("error");
        error.put("message", failure.getMessage());
        error.put("type", type(status));
        error.put("param", param(failure.violations()));
        error.put("code", code(failure));
        error.put("request_id", requestId);
        return envelope;
    }

    private static String type(int status) {
        return switch (status) {
            case 401 -> "authentication_error";
            case 403 -> "permission_error";
            case 429 -> "rate_limit_error";
            default -> status >= 500 ? "server_error" : "invalid_request_error";
        };
    }

    private static @Nullable String param(List<Violation> violations) {
        if (violations.isEmpty()) {
            return null;
        }
        List<Object> location = violations.get(0).location();
        return location.size() < 2 ? null : location.get(1).toString();
    }

    private static String code(Failure failure) {
        return failure.violations().isEmpty()
                ? failure.code()
                : failure.violations().get(0).type();
    }
}
