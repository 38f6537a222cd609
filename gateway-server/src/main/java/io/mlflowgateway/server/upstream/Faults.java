package io.mlflowgateway.server.upstream;

import io.mlflowgateway.server.query.Failure;
import io.mlflowgateway.server.query.Failure.Kind;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.CodecException;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import javax.net.ssl.SSLException;

/** What a broken exchange means for the caller. Messages name the host and nothing of the URL's path or query. */
final class Faults {
    private Faults() {}

    /** The failure for what the transport threw. What it does not know is a bug and stays as it is. */
    static Throwable explain(Throwable thrown, String host) {
        Throwable fault = unwrap(thrown);
        if (fault instanceof Failure) {
            return fault;
        }
        if (fault instanceof ConnectTimeoutException) {
            return Failure.of(Kind.UPSTREAM_TIMEOUT, host + " did not accept a connection in time", thrown)
                    .unsent();
        }
        if (fault instanceof SslHandshakeTimeoutException) {
            return Failure.of(Kind.UPSTREAM_TIMEOUT, host + " did not finish the TLS handshake in time", thrown)
                    .unsent();
        }
        if (fault instanceof IOException || fault instanceof PrematureChannelClosureException) {
            return Failure.of(Kind.UPSTREAM_UNREACHABLE, unreachable(fault, host), thrown);
        }
        // The decoder lets the last one escape at a chunk size that is not ASCII.
        if (fault instanceof CodecException
                || fault instanceof IllegalArgumentException
                || fault instanceof IndexOutOfBoundsException) {
            return Failure.of(Kind.UPSTREAM_INVALID, host + " sent an answer that is not valid HTTP", thrown);
        }
        return thrown;
    }

    /** Whether the connection ended (reset or end of file), as one does that stood idle too long. */
    static boolean connectionEnded(Throwable thrown) {
        Throwable fault = unwrap(thrown);
        return (fault instanceof IOException
                        && !(fault instanceof ConnectException)
                        && !(fault instanceof UnknownHostException)
                        && !(fault instanceof SSLException))
                || fault instanceof PrematureChannelClosureException;
    }

    /** Whether a connection was closed on our side of the network while it was being made. */
    static boolean closedEarly(Throwable thrown) {
        return unwrap(thrown) instanceof ClosedChannelException;
    }

    private static String unreachable(Throwable fault, String host) {
        if (fault instanceof UnknownHostException) {
            return "the name of " + host + " could not be resolved";
        }
        if (fault instanceof SSLException) {
            return "no TLS connection to " + host + " could be made";
        }
        if (fault instanceof ConnectException) {
            return host + " refused the connection";
        }
        return "the connection to " + host + " ended before the answer was complete";
    }

    // Netty wraps what a handler threw.
    private static Throwable unwrap(Throwable thrown) {
        Throwable cause = thrown.getCause();
        return thrown instanceof CodecException && cause instanceof IOException ? cause : thrown;
    }
}
