package io.mlflowgateway.server.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.util.ReferenceCountUtil;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Netty's request decoder behind a {@link HeadScan}: it parses heads that are whole and well-formed only. Hands out one
 * request at a time; what a caller sends behind it waits as bytes, as many as are {@linkplain #READ_AHEAD read ahead},
 * until {@link #resume()}. Event loop only.
 */
final class RequestDecoder extends HttpRequestDecoder {
    /** Fired through the pipeline when a request head begins. */
    static final Object HEAD_BEGINS = new Object();

    /** Fired when reading has stopped, since enough waits behind the request that was handed out. */
    static final Object FULL = new Object();

    /** Reading stops when so many bytes wait; one read more may have come by then. */
    static final int READ_AHEAD = 64 * 1024;

    private final HeadScan scan;
    private @Nullable ChannelHandlerContext context;
    private boolean inHead = true;
    private boolean begun;
    private boolean held;
    private boolean full;
    private boolean stopped;

    RequestDecoder(HttpDecoderConfig config, HeadScan scan) {
        super(config);
        this.scan = scan;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        context = added;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object input) throws Exception {
        if (full) {
            // The transport still reads when the caller has shut its side: nobody will be there for the answers.
            ReferenceCountUtil.release(input);
            return;
        }
        super.channelRead(context, input);
        if (held && !stopped && actualReadableBytes() >= READ_AHEAD) {
            full = true;
            context.channel().config().setAutoRead(false);
            context.fireUserEventTriggered(FULL);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) throws Exception {
        if (full) {
            // The superclass would ask for more, as nothing was decoded.
            context.fireChannelReadComplete();
        } else {
            super.channelReadComplete(context);
        }
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf buffer, List<Object> out) throws Exception {
        if (stopped) {
            buffer.skipBytes(buffer.readableBytes());
        } else if (!inHead) {
            parse(context, buffer, out);
        } else if (!held) {
            head(context, buffer, out);
        }
    }

    private void head(ChannelHandlerContext context, ByteBuf buffer, List<Object> out) throws Exception {
        HeadScan.Verdict verdict = scan.scan(buffer);
        if (!begun && scan.begun()) {
            begun = true;
            context.fireUserEventTriggered(HEAD_BEGINS);
        }
        switch (verdict) {
            case UNFINISHED -> {}
            case WHOLE -> parse(context, buffer, out);
            case URL_TOO_LONG -> refuse(buffer, out, new TooLongHttpLineException("the target is too long"));
            case TOO_LARGE -> refuse(buffer, out, new TooLongHttpHeaderException("the head is too large"));
            case MALFORMED -> refuse(buffer, out, new IllegalArgumentException("the head is malformed"));
        }
    }

    /** With the method and target as far as they are known, so that the refusal has the shape its caller expects. */
    private void refuse(ByteBuf buffer, List<Object> out, Exception reason) {
        String method = scan.method(buffer);
        HttpRequest request = new DefaultFullHttpRequest(
                HttpVersion.HTTP_1_1,
                method.isEmpty() ? HttpMethod.GET : HttpMethod.valueOf(method),
                scan.target(buffer),
                Unpooled.EMPTY_BUFFER);
        request.setDecoderResult(DecoderResult.failure(reason));
        stopped = true;
        buffer.skipBytes(buffer.readableBytes());
        out.add(request);
    }

    private void parse(ChannelHandlerContext context, ByteBuf buffer, List<Object> out) throws Exception {
        int already = out.size();
        super.decode(context, buffer, out);
        for (int i = already; i < out.size(); i++) {
            note((HttpObject) out.get(i));
        }
    }

    private void note(HttpObject decoded) {
        if (decoded.decoderResult().isFailure()) {
            stopped = true;
        } else if (decoded instanceof LastHttpContent) {
            inHead = true;
            held = true;
            begun = false;
            scan.reset();
        } else if (decoded instanceof HttpMessage) {
            inHead = false;
        }
    }

    /** Whether a head has begun that is not whole yet. */
    boolean midHead() {
        return inHead && begun;
    }

    /** Whether bytes wait behind the request that was handed out. */
    boolean bytesWait() {
        return actualReadableBytes() > 0;
    }

    /** The next request may be handed out. Not to be called from a read while {@linkplain #bytesWait() bytes wait}. */
    void resume() {
        held = false;
        readOn();
        if (bytesWait()) {
            decodeWaiting();
        }
    }

    /** Nothing more is read as a request: what waits and what still comes is thrown away. */
    void stop() {
        if (!stopped) {
            stopped = true;
            readOn();
            if (bytesWait()) {
                context().executor().execute(this::decodeWaiting);
            }
        }
    }

    private void readOn() {
        if (full) {
            full = false;
            context().channel().config().setAutoRead(true);
        }
    }

    private void decodeWaiting() {
        context().pipeline().fireChannelRead(Unpooled.EMPTY_BUFFER);
    }

    private ChannelHandlerContext context() {
        ChannelHandlerContext present = context;
        if (present == null) {
            throw new IllegalStateException("not in a pipeline");
        }
        return present;
    }
}
