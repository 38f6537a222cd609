package io.mlflowgateway.server.config;

import io.mlflowgateway.server.query.StreamCaps;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongFunction;

/** What a route says otherwise of its streams than the server does. */
public final class RouteStreams {
    private RouteStreams() {}

    /**
     * @param ofServer for all routes
     * @param own {@link RouteConfig#upstream()}, checked values by setting
     */
    public static StreamCaps caps(StreamCaps ofServer, Map<ServerSetting, String> own) {
        return new StreamCaps(
                own(own, ServerSetting.STREAM_TIMEOUT, Duration::ofMillis).orElse(ofServer.longest()),
                own(own, ServerSetting.STREAM_EVENTS_LIMIT, Long::valueOf).orElse(ofServer.events()),
                own(own, ServerSetting.STREAM_BYTES_LIMIT, Long::valueOf).orElse(ofServer.bytes()));
    }

    private static <T> Optional<T> own(Map<ServerSetting, String> own, ServerSetting setting, LongFunction<T> read) {
        return Optional.ofNullable(own.get(setting)).map(setting::number).map(read::apply);
    }
}
