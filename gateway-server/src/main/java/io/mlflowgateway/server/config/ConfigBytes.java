package io.mlflowgateway.server.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.yaml.snakeyaml.reader.StreamReader;

/** A configuration file's bytes: read once, bounded, then turned into text or refused. */
final class ConfigBytes {
    static final int MAX_BYTES = 16 * 1024 * 1024;
    private static final String TOO_LARGE = "is larger than " + MAX_BYTES / (1024 * 1024) + " MiB";
    private static final char BYTE_ORDER_MARK = '\uFEFF';

    /** What a decoder puts where the bytes are no text; may also be written so. */
    private static final char REPLACED = '\uFFFD';

    private ConfigBytes() {}

    /** The file's bytes, at most one more than {@link #MAX_BYTES}; those of a larger one are not read. */
    static byte[] of(Path file) throws InvalidConfig {
        try {
            BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
            if (!found.isRegularFile()) {
                throw refused(file, "is not a file" + (found.isDirectory() ? " but a directory" : ""));
            }
            if (found.size() > MAX_BYTES) {
                throw refused(file, TOO_LARGE);
            }
            try (InputStream in = Files.newInputStream(file)) {
                return in.readNBytes(MAX_BYTES + 1);
            }
        } catch (IOException e) {
            throw refused(file, reason(file, e));
        }
    }

    private static String reason(Path file, IOException e) {
        if (e instanceof NoSuchFileException) {
            return Files.isSymbolicLink(file) ? "is a link that leads nowhere" : "there is no such file";
        }
        return e instanceof AccessDeniedException
                ? "may not be read: permission denied"
                : "cannot be read (" + e.getClass().getSimpleName() + ")";
    }

    private static InvalidConfig refused(Path file, String message) {
        return new InvalidConfig(List.of(new Problems.Problem(file.toString(), "", message)));
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
            report.problem(1, Cursor.DOCUMENT, TOO_LARGE);
            return Optional.empty();
        }
        Optional<String> decoded = decoded(bytes, report);
        if (decoded.isEmpty()) {
            return decoded;
        }
        String text = decoded.get();
        String plain = !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK ? text.substring(1) : text;
        return printable(plain, report) ? Optional.of(plain) : Optional.empty();
    }

    /** In as little memory as there can be: large files are read beside a gateway that serves. */
    private static Optional<String> decoded(byte[] bytes, Report report) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        if (text.indexOf(REPLACED) < 0) {
            return Optional.of(text);
        }
        CharBuffer chars = CharBuffer.allocate(bytes.length + 1);
        CoderResult result = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes), chars, true);
        if (!result.isError()) {
            return Optional.of(text);
        }
        String good = chars.flip().toString();
        report.problem(lineOf(good, good.length()), Cursor.DOCUMENT, "is not UTF-8 text");
        return Optional.empty();
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
