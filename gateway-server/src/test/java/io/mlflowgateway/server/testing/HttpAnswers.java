package io.mlflowgateway.server.testing;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads answers from a connection and takes nothing for one that is not well-formed to the letter. */
public final class HttpAnswers {
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.1 ([1-5][0-9]{2}) [ -~]*");
    private static final Pattern HEADER = Pattern.compile("([!#-'*+.^_`|~A-Za-z0-9-]+): ?([ -~]*)");
    private static final int LONGEST_LINE = 16 * 1024;

    /** One answer; header names in lower case, the body without its framing. */
    public record Answer(int status, Map<String, String> headers, byte[] body) {
        public String header(String name) {
            return headers.getOrDefault(name, "");
        }

        public String text() {
            return new String(body, StandardCharsets.UTF_8);
        }
    }

    private final BufferedInputStream in;

    public HttpAnswers(InputStream in) {
        this.in = new BufferedInputStream(in);
    }

    /**
     * The next answer; empty when the server closed in place of one.
     *
     * @param toHead whether it may be the answer to a HEAD request, which announces a body and has none
     */
    public Optional<Answer> next(boolean toHead) throws IOException {
        in.mark(1);
        if (in.read() < 0) {
            return Optional.empty();
        }
        in.reset();
        Matcher status = matched(STATUS, line());
        Map<String, String> headers = new LinkedHashMap<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            Matcher header = matched(HEADER, line);
            String name = header.group(1).toLowerCase(Locale.ROOT);
            if (headers.put(name, header.group(2)) != null) {
                throw new AssertionError("header " + name + " came twice");
            }
        }
        int code = Integer.parseInt(status.group(1));
        return Optional.of(new Answer(code, headers, body(code, headers, toHead)));
    }

    private byte[] body(int status, Map<String, String> headers, boolean toHead) throws IOException {
        if (status < 200 || status == 204 || status == 304 || (toHead && !bodyFollows())) {
            return new byte[0];
        }
        boolean chunked = headers.getOrDefault("transfer-encoding", "").equals("chunked");
        String length = headers.get("content-length");
        if (chunked) {
            if (length != null) {
                throw new AssertionError("an answer with both a length and chunks");
            }
            return chunks();
        }
        if (length == null) {
            if (!headers.getOrDefault("connection", "").equals("close")) {
                throw new AssertionError("an answer without length on a connection that stays: " + headers);
            }
            return in.readAllBytes();
        }
        return exactly(Integer.parseInt(length));
    }

    private boolean bodyFollows() throws IOException {
        in.mark(8);
        String begins = new String(in.readNBytes(7), StandardCharsets.ISO_8859_1);
        in.reset();
        return !begins.isEmpty() && !begins.startsWith("HTTP/1.");
    }

    private byte[] chunks() throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        while (true) {
            int size = Integer.parseInt(line(), 16);
            body.writeBytes(exactly(size));
            if (!line().isEmpty()) {
                throw new AssertionError("a chunk is longer than it says");
            }
            if (size == 0) {
                return body.toByteArray();
            }
        }
    }

    private byte[] exactly(int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new AssertionError("the connection ended after " + bytes.length + " of " + length + " bytes");
        }
        return bytes;
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        int b = in.read();
        while (b >= 0 && b != '\n' && line.length() < LONGEST_LINE) {
            line.append((char) b);
            b = in.read();
        }
        if (b != '\n' || line.length() == 0 || line.charAt(line.length() - 1) != '\r') {
            throw new AssertionError("not a line of an answer: <" + line + ">, then " + b);
        }
        return line.substring(0, line.length() - 1);
    }

    private static Matcher matched(Pattern pattern, String line) {
        Matcher matcher = pattern.matcher(line);
        if (!matcher.matches()) {
            throw new AssertionError("not well-formed: <" + line + ">");
        }
        return matcher;
    }
}
