package io.mlflowgateway.server.upstream;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.util.Locale;
import reactor.netty.Connection;

/**
 * Sits behind the HTTP codec of a connection and lets final answers through only. Interim ones (1xx, RFC 9110 section
 * 15.2) are passed over: taken for the answer, they would leave the real one on the connection for the next call. A
 * second answer to one request, a change of protocol and a compressed event stream, which nobody asked for, end the
 * connection.
 */
final class FinalAnswers extends ChannelInboundHandlerAdapter {
    private final Answering answering;
    private boolean interim;

    FinalAnswers(Answering answering) {
        this.answering = answering;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (!answering.asked()) {
            ReferenceCountUtil.release(message);
            context.close();
            return;
        }
        if (message instanceof HttpResponse head) {
            interim = isInterim(head.status());
        }
        if (((HttpObject) message).decoderResult().isFailure()) {
            // What follows on it is never read again.
            Connection unused = Connection.from(context.channel()).markPersistent(false);
        }
        boolean last = message instanceof LastHttpContent;
        if (interim) {
            ReferenceCountUtil.release(message);
            interim = !last;
            context.read();
            return;
        }
        if (message instanceof HttpResponse head && isCompressedStream(head.headers())) {
            ReferenceCountUtil.release(message);
            context.fireExceptionCaught(new DecoderException("a compressed event stream"));
            context.close();
            return;
        }
        boolean switches = message instanceof HttpResponse head
                && head.status().code() == HttpResponseStatus.SWITCHING_PROTOCOLS.code();
        if (last) {
            answering.ended();
        }
        context.fireChannelRead(message);
        if (switches) {
            context.close();
        }
    }

    /** Inflating turns one read into a thousand, and they would all wait in memory for the caller. Nobody asked for it. */
    private static boolean isCompressedStream(HttpHeaders headers) {
        String type = headers.get(HttpHeaderNames.CONTENT_TYPE, "");
        String coding = headers.get(HttpHeaderNames.CONTENT_ENCODING, "identity");
        return type.toLowerCase(Locale.ROOT).startsWith("text/event-stream") && !coding.equalsIgnoreCase("identity");
    }

    private static boolean isInterim(HttpResponseStatus status) {
        return status.codeClass() == HttpStatusClass.INFORMATIONAL
                && status.code() != HttpResponseStatus.SWITCHING_PROTOCOLS.code();
    }
}
