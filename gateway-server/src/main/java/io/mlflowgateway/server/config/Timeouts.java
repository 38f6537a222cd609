package io.mlflowgateway.server.config;

import java.time.Duration;

/**
 * How long anything is waited for. Every wait of the server is one of these.
 *
 * @param connect to an upstream, name look-up included
 * @param tlsHandshake with an upstream
 * @param firstByte from the request's last byte to the answer's head, and to a whole answer's last byte
 * @param streamIdle between two reads of a stream the caller is ready to take more of
 * @param total of one exchange
 * @param requestHead for a caller's whole request head, and between requests of one connection
 * @param requestBody for a caller's whole request body
 * @param drain for running exchanges at shutdown
 */
public record Timeouts(
        Duration connect,
        Duration tlsHandshake,
        Duration firstByte,
        Duration streamIdle,
        Duration total,
        Duration requestHead,
        Duration requestBody,
        Duration drain) {}
