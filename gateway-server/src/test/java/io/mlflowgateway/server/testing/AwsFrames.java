package io.mlflowgateway.server.testing;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.zip.CRC32;

/** Writes messages as Amazon's event stream encoding has them. */
public final class AwsFrames {
    private AwsFrames() {}

    public static byte[] event(String type, String payload) {
        return frame(
                Map.of(":message-type", "event", ":event-type", type, ":content-type", "application/json"), payload);
    }

    public static byte[] exception(String type, String payload) {
        return frame(
                Map.of(":message-type", "exception", ":exception-type", type, ":content-type", "application/json"),
                payload);
    }

    /** @param headers of type text */
    public static byte[] frame(Map<String, String> headers, String payload) {
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        headers.forEach((name, value) -> {
            byte[] text = utf8(value);
            written.write(utf8(name).length);
            written.writeBytes(utf8(name));
            written.write(7);
            written.write(text.length >> 8);
            written.write(text.length);
            written.writeBytes(text);
        });
        return frame(written.toByteArray(), utf8(payload));
    }

    public static byte[] frame(byte[] headers, byte[] payload) {
        return frame(16 + headers.length + payload.length, headers.length, headers, payload);
    }

    /** One whose lengths may lie; its checksums do not. */
    public static byte[] frame(int total, int headersLength, byte[] headers, byte[] payload) {
        ByteBuffer frame = ByteBuffer.allocate(16 + headers.length + payload.length);
        frame.putInt(total).putInt(headersLength);
        frame.putInt(checksum(frame.array(), 8));
        frame.put(headers).put(payload);
        frame.putInt(checksum(frame.array(), frame.position()));
        return frame.array();
    }

    private static int checksum(byte[] bytes, int upTo) {
        CRC32 crc = new CRC32();
        crc.update(bytes, 0, upTo);
        return (int) crc.getValue();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
