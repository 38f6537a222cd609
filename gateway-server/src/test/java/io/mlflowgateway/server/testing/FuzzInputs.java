package io.mlflowgateway.server.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Inputs kept below {@code src/test/resources/fuzz}, as text that any editor leaves alone: {@code \xNN} stands for a byte,
 * everything else for itself in UTF-8. A failing input is printed in the same form, to be added to its file.
 */
public final class FuzzInputs {
    private static final Pattern ESCAPE = Pattern.compile("\\\\x([0-9a-f]{2})");
    private static final int MOST_SHOWN = 4_000;

    private FuzzInputs() {}

    /** One input a line. Lines that begin with {@code #} and empty ones are left out. */
    public static List<byte[]> lines(String file) {
        return text(file)
                .lines()
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .map(FuzzInputs::bytes)
                .toList();
    }

    /** Inputs of several lines with {@code ----} before each; lines end with CR LF, and one that ends with a backslash not at all. */
    public static List<byte[]> messages(String file) {
        return blocks(file)
                .map(block -> bytes(block.replace("\\\n", "").replace("\n", "\r\n")))
                .toList();
    }

    /** Inputs of several lines with {@code ----} before each. */
    public static List<byte[]> documents(String file) {
        return blocks(file).map(FuzzInputs::bytes).toList();
    }

    private static Stream<String> blocks(String file) {
        return Arrays.stream(text(file).split("(?m)^----\n", -1)).skip(1);
    }

    /** The bytes as they would stand in a file; long ones with their middle left out, and their length. */
    public static String shown(byte[] bytes) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < bytes.length; i++) {
            if (bytes.length > MOST_SHOWN && i == MOST_SHOWN / 2) {
                i = bytes.length - MOST_SHOWN / 2;
                text.append("<... of ").append(bytes.length).append(" bytes ...>");
            }
            int b = bytes[i] & 0xff;
            boolean plain = b >= ' ' && b < 0x7f && !(b == '\\' && i + 1 < bytes.length && bytes[i + 1] == 'x');
            text.append(plain ? String.valueOf((char) b) : String.format("\\x%02x", b));
        }
        return text.toString();
    }

    private static byte[] bytes(String text) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Matcher escape = ESCAPE.matcher(text);
        int from = 0;
        while (escape.find()) {
            out.writeBytes(text.substring(from, escape.start()).getBytes(StandardCharsets.UTF_8));
            out.write(Integer.parseInt(escape.group(1), 16));
            from = escape.end();
        }
        out.writeBytes(text.substring(from).getBytes(StandardCharsets.UTF_8));
        return out.toByteArray();
    }

    private static String text(String file) {
        try (InputStream in = FuzzInputs.class.getResourceAsStream("/fuzz/" + file)) {
            if (in == null) {
                throw new IllegalArgumentException("no such file of inputs: fuzz/" + file);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).replace("\r\n", "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
