package io.mlflowgateway.server.http;

import io.mlflowgateway.server.config.Limits;
import io.netty.buffer.ByteBuf;
import io.netty.util.ByteProcessor;
import java.nio.charset.StandardCharsets;

/**
 * Reads request heads byte by byte before anybody parses them: says where one ends, or at the first byte that shows it
 * why it is none. Each byte is looked at once, however the head is cut into reads.
 *
 * <p>Stricter than RFC 9112 asks where leniency lets two servers read one request differently: lines end with CRLF, one
 * space stands between the parts of the request line, no line is folded, no control character is anywhere. Empty lines
 * before a request are dropped.
 */
final class HeadScan implements ByteProcessor {
    /** What is known of a head. */
    enum Verdict {
        UNFINISHED,
        /** Its last byte is there. */
        WHOLE,
        MALFORMED,
        URL_TOO_LONG,
        /** More bytes, or more headers, than allowed. */
        TOO_LARGE
    }

    private enum Part {
        BEFORE,
        BEFORE_LF,
        METHOD,
        TARGET,
        VERSION,
        LINE_LF,
        LINE_START,
        NAME,
        VALUE,
        END_LF
    }

    private static final int LONGEST_METHOD = 32;
    private static final int LONGEST_VERSION = 16;
    private static final boolean[] TOKEN = token();

    private final Limits limits;
    private Part part = Part.BEFORE;
    private Verdict verdict = Verdict.UNFINISHED;
    private int scanned;
    private int emptyLines;
    private int length;
    private int methodLength;
    private int targetLength;
    private int versionLength;
    private int headers;

    HeadScan(Limits limits) {
        this.limits = limits;
    }

    private static boolean[] token() {
        boolean[] token = new boolean[256];
        for (char c = '0'; c <= 'z'; c++) {
            token[c] = Character.isLetterOrDigit(c);
        }
        for (char c : "!#$%&'*+-.^_`|~".toCharArray()) {
            token[c] = true;
        }
        return token;
    }

    /**
     * Goes on where it stopped. A whole head begins at the reader index, and its last byte is the last one looked at.
     *
     * @param buffer since the last time nothing was taken from it
     */
    Verdict scan(ByteBuf buffer) {
        int from = buffer.readerIndex() + scanned;
        int stop = buffer.forEachByte(from, buffer.writerIndex() - from, this);
        scanned = (stop < 0 ? buffer.writerIndex() : stop + 1) - buffer.readerIndex();
        buffer.skipBytes(emptyLines);
        scanned -= emptyLines;
        emptyLines = 0;
        return verdict;
    }

    /** The next byte begins another head. */
    void reset() {
        part = Part.BEFORE;
        verdict = Verdict.UNFINISHED;
        scanned = 0;
        length = 0;
        methodLength = 0;
        targetLength = 0;
        versionLength = 0;
        headers = 0;
    }

    /** Whether a byte of the head has come. */
    boolean begun() {
        return length > 0;
    }

    /** The method, empty when it has not come in whole. */
    String method(ByteBuf buffer) {
        return part.compareTo(Part.METHOD) > 0 ? text(buffer, 0, methodLength) : "";
    }

    /** The target, empty when it has not come in whole. */
    String target(ByteBuf buffer) {
        return part.compareTo(Part.TARGET) > 0 ? text(buffer, methodLength + 1, targetLength) : "";
    }

    private static String text(ByteBuf buffer, int offset, int length) {
        return buffer.toString(buffer.readerIndex() + offset, length, StandardCharsets.US_ASCII);
    }

    @Override
    public boolean process(byte b) {
        if (part == Part.BEFORE || part == Part.BEFORE_LF) {
            before(b);
        } else {
            length++;
            inside(b);
            if (length > limits.requestHead() && verdict != Verdict.MALFORMED) {
                verdict = Verdict.TOO_LARGE;
            }
        }
        return verdict == Verdict.UNFINISHED;
    }

    private void before(byte b) {
        if (part == Part.BEFORE_LF) {
            expect(b == '\n', Part.BEFORE);
            emptyLines += b == '\n' ? 2 : 0;
        } else if (b == '\r') {
            part = Part.BEFORE_LF;
        } else {
            length = 1;
            methodLength = 1;
            expect(isToken(b), Part.METHOD);
        }
    }

    private void inside(byte b) {
        switch (part) {
            case METHOD -> method(b);
            case TARGET -> target(b);
            case VERSION -> version(b);
            case LINE_LF -> expect(b == '\n', Part.LINE_START);
            case LINE_START -> lineStart(b);
            case NAME -> expect(b == ':' || isToken(b), b == ':' ? Part.VALUE : Part.NAME);
            case VALUE -> expect(b == '\r' || isText(b), b == '\r' ? Part.LINE_LF : Part.VALUE);
            default -> verdict = b == '\n' ? Verdict.WHOLE : Verdict.MALFORMED;
        }
    }

    private void method(byte b) {
        if (b == ' ') {
            part = Part.TARGET;
        } else {
            expect(isToken(b) && ++methodLength <= LONGEST_METHOD, Part.METHOD);
        }
    }

    private void target(byte b) {
        if (b == ' ') {
            expect(targetLength > 0, Part.VERSION);
        } else if (b <= ' ' || b == 0x7f || b == '#') {
            verdict = Verdict.MALFORMED;
        } else if (++targetLength > limits.url()) {
            verdict = Verdict.URL_TOO_LONG;
        }
    }

    private void version(byte b) {
        if (b == '\r') {
            part = Part.LINE_LF;
        } else {
            expect((isToken(b) || b == '/') && ++versionLength <= LONGEST_VERSION, Part.VERSION);
        }
    }

    private void lineStart(byte b) {
        if (b == '\r') {
            part = Part.END_LF;
        } else {
            expect(isToken(b), Part.NAME);
            if (++headers > limits.requestHeaders() && verdict == Verdict.UNFINISHED) {
                verdict = Verdict.TOO_LARGE;
            }
        }
    }

    private void expect(boolean good, Part next) {
        if (good) {
            part = next;
        } else {
            verdict = Verdict.MALFORMED;
        }
    }

    private static boolean isToken(byte b) {
        return TOKEN[b & 0xff];
    }

    /** Bytes past ASCII are negative; they may stand in a header's value. */
    private static boolean isText(byte b) {
        return b == '\t' || (b >= ' ' && b != 0x7f) || b < 0;
    }
}
