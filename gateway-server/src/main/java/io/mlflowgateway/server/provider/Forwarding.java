package io.mlflowgateway.server.provider;

import io.mlflowgateway.server.json.BodyScanner;
import io.mlflowgateway.server.json.Json;
import io.mlflowgateway.server.query.Body;
import io.mlflowgateway.server.query.Failure;
import io.mlflowgateway.server.query.Payload;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** Adds to a request what its provider has no place for, where the route wants that sent. */
final class Forwarding {
    private Forwarding() {}

    /**
     * The body with these members; where it has one of the same name, which the codec wrote, its own stays.
     *
     * @param body a JSON object
     * @param json JSON text by name, which a caller has chosen; at least one
     */
    static Payload added(Payload body, Map<String, String> json) {
        try {
            Body own = BodyScanner.scan(body.toBytes());
            Map<String, String> added = new LinkedHashMap<>(json);
            own.members().forEach(member -> added.remove(member.name()));
            return added.isEmpty() ? body : Payload.of(joined(own, added));
        } catch (BodyScanner.Malformed e) {
            throw Failure.of(Failure.Kind.INVALID_REQUEST, "the body breaks a bound: " + e.getMessage());
        }
    }

    private static byte[] joined(Body body, Map<String, String> json) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        String begin = "{";
        for (Map.Entry<String, String> member : json.entrySet()) {
            out.writeBytes(utf8(begin + Json.quoted(member.getKey()) + ':' + member.getValue()));
            begin = ",";
        }
        byte[] own = body.bytes();
        int first = body.members().isEmpty()
                ? own.length - 1
                : body.members().get(0).nameStart();
        out.writeBytes(utf8(body.members().isEmpty() ? "" : ","));
        out.write(own, first, own.length - first);
        return out.toByteArray();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
