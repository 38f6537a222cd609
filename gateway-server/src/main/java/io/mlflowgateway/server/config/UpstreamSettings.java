package io.mlflowgateway.server.config;

import java.time.Duration;
import java.util.Map;

/**
 * How long upstreams are waited for, and how much is taken from them: the server's own settings, or those with what a
 * route says otherwise.
 *
 * @param connect to an upstream, name look-up included
 * @param tlsHandshake with an upstream
 * @param firstByte from the request's last byte to the answer's head, and to a whole answer's last byte
 * @param streamIdle between two reads of a stream the caller is ready to take more of
 * @param total of one exchange, from the caller's head to the answer's last byte
 * @param responseBody bytes of a whole answer, after decompression, and of one event of a stream
 * @param connections open to one upstream at once
 */
public record UpstreamSettings(
        Duration connect,
        Duration tlsHandshake,
        Duration firstByte,
        Duration streamIdle,
        Duration total,
        int responseBody,
        int connections) {

    /** The same with what a route says otherwise: {@link RouteConfig#upstream()}, checked values by setting. */
    public UpstreamSettings with(Map<ServerSetting, String> own) {
        return own.isEmpty()
                ? this
                : new UpstreamSettings(
                        duration(own, ServerSetting.CONNECT_TIMEOUT, connect),
                        duration(own, ServerSetting.TLS_HANDSHAKE_TIMEOUT, tlsHandshake),
                        duration(own, ServerSetting.FIRST_BYTE_TIMEOUT, firstByte),
                        duration(own, ServerSetting.STREAM_IDLE_TIMEOUT, streamIdle),
                        duration(own, ServerSetting.TOTAL_TIMEOUT, total),
                        number(own, ServerSetting.RESPONSE_BODY_LIMIT, responseBody),
                        number(own, ServerSetting.UPSTREAM_CONNECTIONS_LIMIT, connections));
    }

    private static Duration duration(Map<ServerSetting, String> own, ServerSetting setting, Duration otherwise) {
        String text = own.get(setting);
        return text == null ? otherwise : Duration.ofMillis(setting.number(text));
    }

    private static int number(Map<ServerSetting, String> own, ServerSetting setting, int otherwise) {
        String text = own.get(setting);
        return text == null ? otherwise : Math.toIntExact(setting.number(text));
    }
}
