package io.mlflowgateway.server.testing;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;

/** A plain socket to a server under test: sends any bytes, reads answers one by one. Waits at most 10 s for anything. */
public final class RawConnection implements Closeable {
    /** Nobody listens there. */
    public static final class Refused extends UncheckedIOException {
        private static final long serialVersionUID = 1L;

        private Refused(ConnectException cause) {
            super(cause);
        }
    }

    private final Socket socket;
    private final InputStream in;

    public RawConnection(int port) {
        this(port, 0);
    }

    /** @param receiveBuffer of the socket, bytes; 0 for the system's choice */
    public RawConnection(int port, int receiveBuffer) {
        try {
            socket = new Socket();
            if (receiveBuffer > 0) {
                socket.setReceiveBufferSize(receiveBuffer);
            }
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 10_000);
            socket.setSoTimeout(10_000);
            socket.setTcpNoDelay(true);
            in = socket.getInputStream();
        } catch (ConnectException e) {
            throw new Refused(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends text as ISO-8859-1, so that any byte can be written. */
    public RawConnection send(String text) {
        try {
            socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The same, where the server may have closed. */
    public boolean trySend(String text) {
        try {
            send(text);
            return true;
        } catch (UncheckedIOException closed) {
            return false;
        }
    }

    /** Sends a POST with this JSON body and the headers it needs. */
    public RawConnection post(String path, String json) {
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        return send(
                "POST " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: "
                        + body.length + "\r\n\r\n" + new String(body, StandardCharsets.ISO_8859_1));
    }

    /** Reads the next answer to its end. */
    public RawAnswer answer() {
        String head = readUntil("\r\n\r\n");
        int status = Integer.parseInt(head.substring(9, 12));
        String lower = head.toLowerCase(Locale.ROOT);
        if (lower.contains("transfer-encoding: chunked")) {
            return new RawAnswer(status, head, readChunks());
        }
        int at = lower.indexOf("content-length: ");
        if (at < 0) {
            return new RawAnswer(status, head, status == 100 ? "" : readToEnd());
        }
        int length = Integer.parseInt(
                lower.substring(at + 16, lower.indexOf("\r\n", at)).trim());
        return new RawAnswer(status, head, readBytes(length));
    }

    /** Reads until the text has come, that text included. */
    public String readUntil(String end) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        while (true) {
            int b = read();
            if (b < 0) {
                throw new AssertionError(
                        "connection closed after <" + out.toString(StandardCharsets.UTF_8) + ">, before <" + end + ">");
            }
            out.write(b);
            String text = out.toString(StandardCharsets.ISO_8859_1);
            if (text.endsWith(end)) {
                return out.toString(StandardCharsets.UTF_8);
            }
        }
    }

    /** Reads what comes until the server closes. */
    public String readToEnd() {
        try {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads so many bytes. */
    public RawConnection take(int bytes) {
        readBytes(bytes);
        return this;
    }

    /** Whether nothing comes from the server for so long, not even the end. */
    public boolean staysSilent(Duration time) {
        try {
            socket.setSoTimeout((int) time.toMillis());
            int unasked = in.read();
            throw new AssertionError("got " + unasked);
        } catch (SocketTimeoutException silence) {
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            restoreTimeout();
        }
    }

    private void restoreTimeout() {
        try {
            socket.setSoTimeout(10_000);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether the server closes the connection without sending more. */
    public boolean closedByServer() {
        return read() < 0;
    }

    private String readChunks() {
        StringBuilder text = new StringBuilder();
        while (true) {
            int size = Integer.parseInt(readUntil("\r\n").trim(), 16);
            text.append(readBytes(size));
            readUntil("\r\n");
            if (size == 0) {
                return text.toString();
            }
        }
    }

    private String readBytes(int length) {
        try {
            byte[] bytes = in.readNBytes(length);
            if (bytes.length < length) {
                throw new AssertionError("closed after " + bytes.length + " of " + length + " bytes");
            }
            return new String(bytes, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private int read() {
        try {
            return in.read();
        } catch (IOException e) {
            if ("Connection reset".equals(e.getMessage())) {
                return -1;
            }
            throw new UncheckedIOException(e);
        }
    }

    /** Says that nothing more will be sent, and still reads. */
    public RawConnection endSending() {
        try {
            socket.shutdownOutput();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Leaves with a reset in place of a FIN. */
    public void reset() {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * An HTTP answer.
     *
     * @param head status line and headers
     * @param body unchunked
     */
    public record RawAnswer(int status, String head, String body) {
        /** A header's value, or empty. */
        public String header(String name) {
            for (String line : head.split("\r\n", -1)) {
                if (line.toLowerCase(Locale.ROOT).startsWith(name.toLowerCase(Locale.ROOT) + ": ")) {
                    return line.substring(name.length() + 2);
                }
            }
            return "";
        }
    }
}
