package io.mlflowgateway.server.query;

/**
 * Who is calling.
 *
 * @param name a stable name, safe to log
 */
public record Principal(String name) {
    /** Everybody, where the gateway asks for no API key. */
    public static final Principal ANYONE = new Principal("anyone");
}
