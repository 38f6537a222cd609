package io.mlflowgateway.server.upstream;

import io.mlflowgateway.server.config.UpstreamSettings;
import io.mlflowgateway.server.provider.UpstreamRequest;
import io.mlflowgateway.server.provider.UpstreamResponse;
import io.mlflowgateway.server.query.Deadline;
import io.mlflowgateway.server.query.Failure;
import io.mlflowgateway.server.query.Lease;
import io.mlflowgateway.server.query.Notes;
import io.mlflowgateway.server.upstream.Endpoints.Endpoint;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Operators;

/**
 * One request and its answer. It lives on the loop of the connection it is on, and until it has one on its home, the loop
 * it began on. Answers are handed on where they come; faults at home, where the caller leaves, too, so that none is under
 * way to one that has left.
 */
final class Exchange implements Subscription {
    /** Beyond the connect limit, for what the transport's own limit leaves out: name look-up, a second address. */
    private static final Duration CONNECT_SLACK = Duration.ofMillis(200);

    /** How long a server may take to end a stream whose last event its reader has. */
    private static final Duration LINGER = Duration.ofMillis(200);

    /** Connections made anew at most, one after the other. */
    private static final int ANEW = 2;

    private final UpstreamRequest request;
    private final Endpoint endpoint;
    private final UpstreamSettings settings;
    private final Deadline deadline;
    private final AnswerMemory.Share share;
    private final CoreSubscriber<? super UpstreamResponse> actual;
    private final Optional<Notes> notes;
    private final EventLoop home;

    private volatile EventLoop at;
    private volatile boolean left;
    private volatile @Nullable ScheduledFuture<?> lineEnds;

    // On its loop only.
    private boolean begun;
    private boolean over;
    private boolean answered;
    private boolean lingers;
    private int anew = ANEW;
    /** When it began to need a connection: the time in line is part of the time to connect. */
    private long needsSince;

    private @Nullable Connection connection;
    private @Nullable WholeBody whole;
    private @Nullable EventFlux events;
    private int status;
    private Optional<String> retryAfter = Optional.empty();
    private String contentType = "";
    private Map<String, String> kept = Map.of();

    /**
     * @param actual its context may hold the {@link Notes} of the caller's exchange, which hold a whole answer's memory to
     *     its end
     * @param share of the memory that all answers have
     * @param home the caller's loop, if it is on one
     */
    Exchange(
            UpstreamRequest request,
            Endpoint endpoint,
            UpstreamSettings settings,
            Deadline deadline,
            AnswerMemory.Share share,
            CoreSubscriber<? super UpstreamResponse> actual,
            EventLoop home) {
        this.request = request;
        this.endpoint = endpoint;
        this.settings = settings;
        this.deadline = deadline;
        this.share = share;
        this.actual = actual;
        this.notes = actual.currentContext().getOrEmpty(Notes.class);
        this.home = home;
        this.at = home;
    }

    EventLoop home() {
        return home;
    }

    boolean left() {
        return left;
    }

    /** Sends. */
    @Override
    public void request(long n) {
        if (Operators.validate(n) && !begun) {
            begun = true;
            needsSince = System.nanoTime();
            notes.ifPresent(Notes::asksUpstream);
            endpoint.pool().take(this);
        }
    }

    /** The caller leaves: the connection is closed, also one that is being made, or is awaited no more. */
    @Override
    public void cancel() {
        left = true;
        ScheduledFuture<?> inLine = lineEnds;
        if (inLine != null) {
            inLine.cancel(false);
            endpoint.pool().leaveLine(this);
        }
        runOn(at, this::leave);
    }

    /** Does this on a loop: now, when called there, or when the loop is no more. */
    void runOn(EventLoop loop, Runnable action) {
        if (loop.inEventLoop()) {
            action.run();
            return;
        }
        try {
            loop.execute(action);
        } catch (RejectedExecutionException e) {
            action.run();
        }
    }

    // What the pool tells.

    /** It is in line for a connection. */
    void waits() {
        long most = Math.min(settings.connect().toNanos(), deadline.left().toNanos());
        lineEnds = home.schedule(this::waitedTooLong, most, TimeUnit.NANOSECONDS);
    }

    private void waitedTooLong() {
        if (!endpoint.pool().leaveLine(this)) {
            return;
        }
        if (deadline.left().isZero()) {
            end(tooLate());
        } else {
            noneFree();
        }
    }

    /** There is no connection for it. */
    void noneFree() {
        end(Failure.of(
                        Failure.Kind.UNAVAILABLE,
                        "all connections to " + endpoint.host() + " are in use and none came free")
                .retryAfter("1"));
    }

    /** It has this connection now. */
    void given(Connection free) {
        ScheduledFuture<?> inLine = lineEnds;
        if (inLine != null) {
            inLine.cancel(false);
        }
        at = free.loop();
        runOn(free.loop(), () -> goesOutOn(free));
    }

    /** This connection is being made for it. At home. */
    void awaits(Connection made) {
        at = home;
        connection = made;
        Duration connect = settings.connect().plus(CONNECT_SLACK);
        Duration most = endpoint.pool().place().secure() ? connect.plus(settings.tlsHandshake()) : connect;
        made.watch().allow(deadline);
        made.watch().begin(Watch.Phase.CONNECT, most, needsSince);
    }

    // What the connection tells.

    /** Its turn begins. */
    void goesOutOn(Connection free) {
        connection = null;
        if (left || over) {
            free.spare();
        } else if (free.closed()) {
            endpoint.pool().take(this);
        } else {
            write(free);
        }
    }

    private void write(Connection free) {
        ByteBuf bytes;
        try {
            bytes = endpoint.requests().encode(request, ByteBufAllocator.DEFAULT);
        } catch (RuntimeException bug) {
            free.spare();
            end(bug);
            return;
        }
        connection = free;
        free.watch().allow(deadline);
        free.watch().begin(Watch.Phase.FIRST_BYTE, settings.firstByte());
        free.carry(this, bytes);
    }

    /** Counts anew from the request's last byte, unless the answer did not wait for it. */
    void sentLater() {
        Connection on = connection;
        if (!answered && on != null) {
            on.watch().begin(Watch.Phase.FIRST_BYTE, settings.firstByte());
        }
    }

    /** The final head of the answer. */
    void head(HttpResponse head) {
        if (over) {
            return;
        }
        answered = true;
        HttpHeaders headers = head.headers();
        status = head.status().code();
        retryAfter = Optional.ofNullable(headers.get(HttpHeaderNames.RETRY_AFTER));
        contentType = headers.get(HttpHeaderNames.CONTENT_TYPE, "");
        if (!request.streams() || status >= 300 || !request.framing().isThatOf(contentType)) {
            whole = new WholeBody(settings.responseBody(), share);
            kept = kept(headers);
            return;
        }
        Connection on = connection;
        if (on != null) {
            on.watch().pause();
        }
        EventFlux stream = new EventFlux(this, request.framing(), settings.responseBody(), share);
        events = stream;
        actual.onNext(new UpstreamResponse.Events(status, retryAfter, stream));
        actual.onComplete();
    }

    private static Map<String, String> kept(HttpHeaders headers) {
        Map<String, String> kept = Map.of();
        for (String name : UpstreamResponse.KEPT_HEADERS) {
            String value = headers.get(name);
            if (value != null) {
                kept = kept.isEmpty() ? new HashMap<>() : kept;
                kept.put(name, value);
            }
        }
        return kept;
    }

    /** The next bytes of the answer; they are the connection's. */
    void body(ByteBuf part) {
        if (over || lingers) {
            return;
        }
        try {
            if (events != null) {
                events.take(part);
            } else if (whole != null) {
                whole.add(part);
            }
        } catch (Failure broken) {
            end(broken);
        }
    }

    /** The answer has ended well. */
    void ended() {
        connection = null;
        if (over) {
            return;
        }
        if (events != null) {
            over = true;
            events.ended(Optional.empty());
        } else if (whole != null) {
            complete(whole);
        }
    }

    private void complete(WholeBody gathered) {
        byte[] body;
        try {
            body = gathered.whole();
        } catch (Failure tooMuch) {
            end(tooMuch);
            return;
        }
        over = true;
        notes.ifPresent(Notes::upstreamAnswered);
        if (body.length > AnswerMemory.UNCOUNTED && notes.isPresent()) {
            notes.get().holds(new Lease(share::release));
        } else {
            share.release();
        }
        if (!left) {
            actual.onNext(new UpstreamResponse.Whole(status, retryAfter, contentType, body, kept));
            actual.onComplete();
        }
        share.keep(body.length);
    }

    /** Whether the next bytes are wanted now; if not, {@link Connection#more} tells when they are. */
    boolean wantsMore() {
        EventFlux stream = events;
        if (stream == null || lingers || over) {
            return true;
        }
        if (stream.awaits()) {
            awaitEvent();
            return true;
        }
        return false;
    }

    /**
     * Whether it goes out once more, on a connection made instead of this one that broke: when nothing of it is likely to
     * have been processed.
     *
     * @param sent whether it was sent; a connection that was not open yet may close when its number in the system was
     *     another one's a moment ago (seen with Netty's epoll transport 4.2.18, on busy processors)
     * @param stale whether it was sent on a connection made for another one, broke at once, and no byte of an answer
     *     came
     */
    boolean goesAgain(Throwable why, boolean sent, boolean stale) {
        boolean again =
                !over && !left && anew > 0 && (sent ? stale && Faults.connectionEnded(why) : Faults.closedEarly(why));
        if (again) {
            anew = sent ? ANEW - 1 : anew - 1;
            needsSince = System.nanoTime();
            connection = null;
        }
        return again;
    }

    /** Its connection broke. */
    void broke(Throwable why) {
        end(Faults.explain(why, endpoint.host()));
    }

    /** Something was waited for too long. */
    void late(Watch.Late what) {
        EventFlux stream = events;
        boolean readerIsSlow = what.phase() == Watch.Phase.TOTAL && stream != null && !stream.awaits();
        end(readerIsSlow ? tooLate() : timeout(what.phase(), what.limit()));
    }

    private Failure timeout(Watch.Phase phase, Duration limit) {
        Failure late = Failure.of(Failure.Kind.UPSTREAM_TIMEOUT, phase.message(endpoint.host(), limit));
        return phase == Watch.Phase.CONNECT ? late.unsent() : late;
    }

    // What the reader of its stream tells.

    EventLoop loop() {
        return at;
    }

    Deadline deadline() {
        return deadline;
    }

    /** The whole time is over, and it was not the upstream that took it. */
    Failure tooLate() {
        return timeout(Watch.Phase.TOTAL, Duration.ZERO).blameless();
    }

    /** An event is awaited from now on. */
    void more() {
        Connection on = connection;
        if (on != null && !on.inRead()) {
            awaitEvent();
            on.more();
        }
    }

    private void awaitEvent() {
        Connection on = connection;
        if (on != null) {
            on.watch().begin(Watch.Phase.STREAM_IDLE, settings.streamIdle());
        }
    }

    /** The reader has all it wants, and the end of the answer is a moment away. The connection gets that moment. */
    void linger() {
        Connection on = connection;
        if (on != null) {
            lingers = true;
            share.release();
            on.watch().begin(Watch.Phase.END, LINGER);
            on.more();
        }
    }

    /** Nobody waits for it any more. */
    void leave() {
        if (!over) {
            over = true;
            letGo();
        }
        EventFlux stream = events;
        if (stream != null) {
            stream.abandon();
        }
    }

    private void letGo() {
        share.release();
        Connection on = connection;
        connection = null;
        if (on != null) {
            on.leave(this);
        }
    }

    private void end(Throwable failure) {
        if (over) {
            return;
        }
        over = true;
        letGo();
        notes.ifPresent(Notes::upstreamAnswered);
        if (events != null) {
            events.ended(Optional.of(failure));
        } else {
            runOn(home, () -> handOn(failure));
        }
    }

    private void handOn(Throwable failure) {
        if (!left) {
            actual.onError(failure);
        }
    }
}
