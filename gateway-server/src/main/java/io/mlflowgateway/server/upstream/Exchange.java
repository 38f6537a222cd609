package io.mlflowgateway.server.upstream;

import io.mlflowgateway.server.config.UpstreamSettings;
import io.mlflowgateway.server.provider.UpstreamRequest;
import io.mlflowgateway.server.provider.UpstreamResponse;
import io.mlflowgateway.server.query.Deadline;
import io.mlflowgateway.server.query.Failure;
import io.mlflowgateway.server.query.Lease;
import io.mlflowgateway.server.query.Notes;
import io.mlflowgateway.server.upstream.Endpoints.Endpoint;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;
import reactor.netty.ConnectionObserver;
import reactor.netty.NettyOutbound;
import reactor.netty.channel.AbortedException;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.HttpClientRequest;
import reactor.netty.http.client.HttpClientResponse;
import reactor.util.context.Context;

/** One request on one connection and its answer. Made for one subscription. */
final class Exchange {
    /** Beyond the connect limit, for what the transport's own limit leaves out: name look-up, a second address. */
    private static final Duration CONNECT_SLACK = Duration.ofMillis(200);

    private static final Runnable NOTHING = () -> {};

    private final UpstreamRequest request;
    private final Endpoint endpoint;
    private final UpstreamSettings settings;
    private final Watch watch;
    private final EventLoop loop;
    private final AnswerMemory.Share share;
    private final Optional<Notes> notes;
    private volatile @Nullable Outcome outcome;
    /** Its place among those who wait for a connection of the pool. */
    private volatile @Nullable Subscription line;
    /** The connection that is being made for it, while it is. */
    private volatile @Nullable Channel making;

    /** What runs on the connection, and the connection itself: the first lets go of the second when it ends. */
    private volatile @Nullable Connection running;

    private volatile @Nullable Channel open;
    private volatile @Nullable Turn turn;
    private volatile @Nullable LeavableBody body;
    private volatile @Nullable Failure verdict;
    private volatile boolean answered;
    private volatile boolean left;
    /** The answer came whole, and what it takes of the memory is no longer ours to give back. */
    private volatile boolean finished;
    /** The connection from the pool had closed before anything was sent. */
    private volatile boolean closedBefore;

    /**
     * @param notes of the caller's exchange, which holds a whole answer's memory to its end; empty where nobody keeps any
     * @param share of the memory that all answers have
     * @param loop runs its timer, and hands on what fails
     * @param whenOver runs once, when nothing more is to be expected of the connection
     */
    Exchange(
            UpstreamRequest request,
            Endpoint endpoint,
            UpstreamSettings settings,
            Deadline deadline,
            Optional<Notes> notes,
            AnswerMemory.Share share,
            EventLoop loop,
            Runnable whenOver) {
        this.request = request;
        this.endpoint = endpoint;
        this.settings = settings;
        this.notes = notes;
        this.share = share;
        this.loop = loop;
        this.watch = new Watch(loop, endpoint.host(), deadline, this::giveUp, whenOver);
    }

    /** Sends now. Cancelling closes the connection, also after the head of a stream was handed on. */
    Mono<UpstreamResponse> run(Mono<HttpClient.RequestSender> sender) {
        notes.ifPresent(Notes::asksUpstream);
        Duration connect = settings.connect().plus(CONNECT_SLACK);
        watch.begin(Watch.Phase.CONNECT, endpoint.secure() ? connect.plus(settings.tlsHandshake()) : connect);
        Flux<UpstreamResponse> answers =
                sender.flatMapMany(to -> to.send(this::write).responseConnection(this::read));
        Outcome first = new Outcome(answers, loop, this::leave, Context.of(Exchange.class, this));
        outcome = first;
        return first;
    }

    /** It waits for a connection from now on. */
    void inLine(Subscription place) {
        line = place;
        if (left) {
            place.cancel();
        }
    }

    /** A connection begins to be made for an exchange, which is in the observer's context. On the channel's loop. */
    static void begins(ConnectionObserver observer, Channel channel, @Nullable SocketAddress remote) {
        Optional<Exchange> waiting = observer.currentContext().getOrEmpty(Exchange.class);
        waiting.ifPresent(exchange -> exchange.making(channel));
    }

    private void making(Channel channel) {
        making = channel;
        if (left) {
            channel.eventLoop().execute(() -> abandon(channel));
        }
    }

    /**
     * Whether nothing of it can have been processed: it was never sent, or on a connection made for another one, which
     * ended before a byte of the answer came.
     */
    boolean mayGoAgain(Throwable thrown) {
        Turn used = turn;
        boolean unanswered = closedBefore || (used != null && used.channel() != making && !used.answered());
        return neverSent(thrown) || (verdict == null && unanswered && Faults.connectionEnded(thrown));
    }

    /**
     * Whether its connection closed before it was open. Netty's epoll transport does that now and then to a connection
     * whose number in the system another one had a moment ago (seen with 4.2.18, on busy processors).
     */
    boolean neverSent(Throwable thrown) {
        return verdict == null && open == null && Faults.closedEarly(thrown);
    }

    /** What the caller is told of what was thrown. */
    Throwable explain(Throwable thrown) {
        notes.ifPresent(Notes::upstreamAnswered);
        Failure known = verdict;
        return known != null ? known : Faults.explain(thrown, endpoint.host());
    }

    private Publisher<Void> write(HttpClientRequest head, NettyOutbound out) {
        out.withConnection(this::connected);
        HttpHeaders headers = head.requestHeaders();
        headers.set(HttpHeaderNames.USER_AGENT, HttpUpstream.USER_AGENT);
        headers.set(HttpHeaderNames.CONTENT_TYPE, "application/json");
        headers.set(HttpHeaderNames.ACCEPT, request.streams() ? "text/event-stream" : "application/json");
        if (request.streams()) {
            headers.set(HttpHeaderNames.ACCEPT_ENCODING, "identity");
        }
        request.headers().forEach(headers::set);
        headers.remove(HttpHeaderNames.TRANSFER_ENCODING);
        headers.set(HttpHeaderNames.CONTENT_LENGTH, request.body().length);
        return out.send(Mono.fromSupplier(() -> Unpooled.wrappedBuffer(request.body())))
                .then()
                .doOnSuccess(sent -> awaitHead());
    }

    private void connected(Connection on) {
        Optional<Turn> begun = Answering.begin(on.channel());
        if (begun.isEmpty()) {
            // What is left of a closed connection is on no loop, so it is not kept.
            closedBefore = true;
            throw AbortedException.beforeSend();
        }
        turn = begun.get();
        running = on;
        open = on.channel();
        if (left) {
            on.dispose();
            throw AbortedException.beforeSend();
        }
        awaitHead();
    }

    /** Counts anew from the request's last byte, unless the answer did not wait for it. */
    private void awaitHead() {
        if (!answered) {
            watch.begin(Watch.Phase.FIRST_BYTE, settings.firstByte());
        }
    }

    private Mono<UpstreamResponse> read(HttpClientResponse head, Connection on) {
        answered = true;
        LeavableBody bytes = new LeavableBody(on.inbound().receive(), Objects.requireNonNull(turn));
        body = bytes;
        int status = head.status().code();
        Optional<String> retryAfter = Optional.ofNullable(head.responseHeaders().get(HttpHeaderNames.RETRY_AFTER));
        String contentType = Optional.ofNullable(head.responseHeaders().get(HttpHeaderNames.CONTENT_TYPE))
                .orElse("");
        if (request.streams() && status < 300 && isEventStream(contentType)) {
            watch.pause();
            EventFlux events = new EventFlux(
                    bytes, settings.responseBody(), share, watch, settings.streamIdle(), loop, this::ending);
            return Mono.just(new UpstreamResponse.Events(status, retryAfter, events));
        }
        return new WholeBody(bytes, settings.responseBody(), share)
                .map(whole -> new UpstreamResponse.Whole(status, retryAfter, contentType, complete(whole)));
    }

    /** A connection we closed ourselves ends its body like a complete one: only the verdict tells. */
    private byte[] complete(byte[] whole) {
        watch.stop();
        notes.ifPresent(Notes::upstreamAnswered);
        Failure known = verdict;
        if (known != null) {
            throw known;
        }
        finished = true;
        if (whole.length > AnswerMemory.UNCOUNTED && notes.isPresent()) {
            notes.get().holds(new Lease(share::release));
        } else {
            share.release();
        }
        return whole;
    }

    private Optional<Throwable> ending(Optional<Throwable> thrown) {
        finished = thrown.isEmpty() && verdict == null;
        return Optional.<Throwable>ofNullable(verdict).or(() -> thrown.map(this::explain));
    }

    private static boolean isEventStream(String contentType) {
        return contentType.toLowerCase(Locale.ROOT).startsWith("text/event-stream");
    }

    private void giveUp(Failure why) {
        verdict = why;
        leave(NOTHING);
        // Nobody listens any more when the head of a stream was handed on: then the closed connection ends it.
        Outcome waiting = outcome;
        if (waiting != null) {
            waiting.fail(why);
        }
    }

    /**
     * Nobody waits for it any more: its connection is closed, also one that is being made, or it is awaited no more.
     *
     * @param cancel ends the transport's part; it closes the connection whoever has it by then, so it must not run later
     */
    private void leave(Runnable cancel) {
        watch.stop();
        left = true;
        if (!finished) {
            share.release();
        }
        Subscription place = line;
        if (place != null) {
            place.cancel();
        }
        Channel used = open;
        Connection ours = running;
        if (used != null && ours != null) {
            Turn.onLoopOf(used, () -> dispose(ours, cancel));
            return;
        }
        Channel begun = making;
        if (begun != null) {
            Turn.onLoopOf(begun, () -> abandon(begun));
        }
        cancel.run();
    }

    /** Only on its own loop is it certain that the connection is still ours and not back in the pool. */
    private void dispose(Connection ours, Runnable cancel) {
        Turn used = turn;
        LeavableBody unread = body;
        if (used == null || !used.over()) {
            ours.dispose();
            cancel.run();
        } else if (unread != null) {
            unread.discard();
        }
    }

    /** Closes it unless it was made meanwhile, and used. */
    private static void abandon(Channel channel) {
        if (!Answering.isOn(channel)) {
            channel.close();
        }
    }
}
