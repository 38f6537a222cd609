package io.mlflowgateway.server.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.yaml.snakeyaml.reader.StreamReader;

/** A configuration file's bytes: read once, bounded, then turned into text or refused. */
final class ConfigBytes {
    static final int MAX_BYTES = 32 * 1024 * 1024;
    private static final char BYTE_ORDER_MARK = '\uFEFF';

    private ConfigBytes() {}

    /** The file's bytes, at most one more than {@link #MAX_BYTES}. */
    static byte[] of(Path file) throws InvalidConfig {
        if (!Files.exists(file)) {
            throw refused(file.toString(), "there is no such file");
        }
        if (!Files.isRegularFile(file)) {
            throw refused(file.toString(), "is not a file" + (Files.isDirectory(file) ? " but a directory" : ""));
        }
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(MAX_BYTES + 1);
        } catch (IOException e) {
            throw refused(file.toString(), "cannot be read (" + e.getClass().getSimpleName() + ")");
        }
    }

    private static InvalidConfig refused(String file, String message) {
        return new InvalidConfig(List.of(new Problems.Problem(file, "", message)));
    }

    /** First 12 hex digits of the SHA-256. */
    static String version(byte[] bytes) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes);
            return HexFormat.of().formatHex(hash, 0, 6);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** The text; empty where it is none, or too large, which the report then says. */
    static Optional<String> text(byte[] bytes, Report report) {
        if (bytes.length > MAX_BYTES) {
            report.problem(1, Cursor.DOCUMENT, "is larger than " + MAX_BYTES / (1024 * 1024) + " MiB");
            return Optional.empty();
        }
        CharBuffer chars = CharBuffer.allocate(bytes.length + 1);
        CoderResult result = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes), chars, true);
        String text = chars.flip().toString();
        if (result.isError()) {
            report.problem(lineOf(text, text.length()), Cursor.DOCUMENT, "is not UTF-8 text");
            return Optional.empty();
        }
        String plain = !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK ? text.substring(1) : text;
        return printable(plain, report) ? Optional.of(plain) : Optional.empty();
    }

    private static boolean printable(String text, Report report) {
        for (int at = 0; at < text.length(); at += Character.charCount(text.codePointAt(at))) {
            int point = text.codePointAt(at);
            if (!StreamReader.isPrintable(point)) {
                String name = "U+" + HexFormat.of().withUpperCase().toHexDigits((char) point);
                report.problem(lineOf(text, at), Cursor.DOCUMENT, "holds a character that is no text (" + name + ")");
                return false;
            }
        }
        return true;
    }

    private static int lineOf(String text, int end) {
        return 1 + (int) text.chars().limit(end).filter(c -> c == '\n').count();
    }
}
