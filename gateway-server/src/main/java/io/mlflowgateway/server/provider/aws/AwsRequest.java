package io.mlflowgateway.server.provider.aws;

import io.mlflowgateway.server.query.Payload;
import java.util.Map;

/**
 * A request that is to be signed, as it stands on the wire.
 *
 * @param host as in the {@code Host} header, with a port where it has one there
 * @param path absolute, its segments percent-encoded once; a slash inside a segment is {@code %2F}
 * @param query percent-encoded, without the question mark; empty for none
 * @param headers those that are to be signed besides {@code Host} and what signing adds; names differ also without case
 */
public record AwsRequest(
        String method, String host, String path, String query, Map<String, String> headers, Payload body) {
    public AwsRequest {
        headers = Map.copyOf(headers);
    }

    /** Headers may hold credentials, and a body is the caller's. */
    @Override
    public String toString() {
        return "AwsRequest[" + method + " " + host + ", " + body.length() + " bytes]";
    }
}
