package io.mlflowgateway.server.provider.aws;

import io.mlflowgateway.server.query.Payload;
import java.util.Map;

/**
 * What is to be sent to get credentials.
 *
 * @param headers all but those of the connection, the length of the body included; they hold credentials
 */
public record CredentialRequest(String method, String url, Map<String, String> headers, Payload body) {
    public CredentialRequest {
        headers = Map.copyOf(headers);
    }

    /** The path may be as good as a password, and headers are one. */
    @Override
    public String toString() {
        return "CredentialRequest[" + method + "]";
    }
}
