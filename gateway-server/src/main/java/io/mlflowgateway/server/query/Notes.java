package io.mlflowgateway.server.query;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What is noted of one exchange on its way, and read once by an {@link Observer} when it is over. Whoever learns
 * something writes it here; nobody on the way decides by it, but for the deadline. One exchange has one after the other
 * at work on it, so plain writes do; the fields are volatile since that may be another thread each time.
 */
public final class Notes {
    private final String id;
    private final String method;
    private final String path;
    private final long beganNanos = System.nanoTime();
    private volatile Deadline deadline;
    private volatile String configVersion = "";
    private volatile Optional<Route> route = Optional.empty();
    private volatile boolean streams;
    private volatile Optional<Target> target = Optional.empty();
    private volatile int attempts;
    private volatile int overtaken;
    private volatile Usage usage = Usage.UNKNOWN;
    private volatile boolean endsUnknown;
    private volatile long firstPieceNanos;
    private volatile Map<Target, List<String>> dropped = Map.of();
    private volatile Optional<LimitState> limitState = Optional.empty();
    // All guarded by this.
    private long askedUpstreamNanos;
    private long upstreamNanos;
    private List<Lease> held = List.of();
    private boolean over;

    /**
     * A target that was asked; all texts come from the configuration.
     *
     * @param name unique in its route
     * @param pricing what its tokens cost
     */
    public record Target(String name, String provider, String model, Pricing pricing) {
        /** A target whose price nobody knows. */
        public Target(String name, String provider, String model) {
            this(name, provider, model, Pricing.UNKNOWN);
        }
    }

    /**
     * How a limit stands after this call was counted.
     *
     * @param calls that may pass in one period
     * @param remaining of them, zero or more
     * @param resetSeconds until all may pass again, rounded up, at least 1
     */
    public record LimitState(long calls, long remaining, long resetSeconds) {}

    /**
     * @param id the request's
     * @param path as the caller gave it, decoded; empty where it was malformed. Shown escaped only
     * @param total from now until the exchange must be over, unless its route says otherwise
     */
    public Notes(String id, String method, String path, Duration total) {
        this.id = id;
        this.method = method;
        this.path = path;
        this.deadline = new Deadline(beganNanos + total.toNanos());
    }

    public String id() {
        return id;
    }

    public String method() {
        return method;
    }

    public String path() {
        return path;
    }

    /** A {@link System#nanoTime()} value. */
    public long beganNanos() {
        return beganNanos;
    }

    /** When the exchange must be over. */
    public Deadline deadline() {
        return deadline;
    }

    /** The version of the configuration the exchange sees; empty until its path was matched. */
    public String configVersion() {
        return configVersion;
    }

    /** Notes the configuration the exchange sees from now on. */
    public void sees(String version) {
        configVersion = version;
    }

    /** Notes the route asked, which may allow another time than others. */
    public void asks(Route asked) {
        route = Optional.of(asked);
        asked.total().ifPresent(total -> deadline = new Deadline(beganNanos + total.toNanos()));
    }

    /** The route asked; empty when the exchange did not come so far, or asks for something else. */
    public Optional<Route> route() {
        return route;
    }

    /** Notes that the caller asked for a stream, which may have less time than other answers of its route. */
    public void asksForStream() {
        streams = true;
        long longest =
                route.map(Route::streamCaps).orElse(StreamCaps.NONE).longest().toNanos();
        long left = deadline.nanos() - beganNanos;
        deadline = longest < left ? new Deadline(beganNanos + longest) : deadline;
    }

    public boolean streams() {
        return streams;
    }

    /** Notes one more attempt. */
    public void tries(Target next) {
        attempts++;
        target = Optional.of(next);
    }

    /** Notes which of several targets, asked beside each other, it is that answers. */
    public void answeredBy(Target first) {
        target = Optional.of(first);
    }

    /** The target that answers, or else the one asked last. */
    public Optional<Target> target() {
        return target;
    }

    /**
     * Notes parameters of the caller that a target is asked without. Safe from any thread.
     *
     * @param names plain enough for a header
     */
    public synchronized void drops(Target asked, List<String> names) {
        Map<Target, List<String>> all = new HashMap<>(dropped);
        all.put(asked, List.copyOf(names));
        dropped = all;
    }

    /** The parameters that the target was asked without which answers, or was asked last. */
    public List<String> dropped() {
        Map<Target, List<String>> all = dropped;
        return all.isEmpty() ? List.of() : target.map(all::get).orElse(List.of());
    }

    /** How many targets were asked, one twice counted twice. */
    public int attempts() {
        return attempts;
    }

    /** Notes that one of two attempts that ran beside each other was given up, since the other one began to answer. */
    public void overtakes() {
        overtaken++;
    }

    /** How many attempts were given up for a faster one: their targets have read the prompt, too. */
    public int overtaken() {
        return overtaken;
    }

    /** Notes the tokens; a later count replaces an earlier one. */
    public void used(Usage counted) {
        usage = counted;
    }

    /** The tokens, {@link Usage#UNKNOWN} where nobody counted. */
    public Usage usage() {
        return usage;
    }

    /** Notes that the answer ended for a reason that its provider's codec does not know. */
    public void endsUnknown() {
        endsUnknown = true;
    }

    public boolean endedUnknown() {
        return endsUnknown;
    }

    /**
     * What the call has cost up to now, in pico-dollars; empty where no price is known, or nobody counted tokens. That of
     * the answer alone: what a target has read that another one overtook is not in it.
     */
    public OptionalLong costPicoUsd() {
        Usage counted = usage;
        Optional<Price> price = target.map(Target::pricing).flatMap(Pricing::price);
        return price.isPresent() && !counted.equals(Usage.UNKNOWN)
                ? OptionalLong.of(price.get().picoUsd(counted))
                : OptionalLong.empty();
    }

    /** Notes that an upstream has the word from now on. */
    public synchronized void asksUpstream() {
        if (askedUpstreamNanos == 0) {
            askedUpstreamNanos = Math.max(1, System.nanoTime() - beganNanos);
        }
    }

    /** Notes that the upstream has told what it was asked for, or failed. Does nothing when none was asked. */
    public synchronized void upstreamAnswered() {
        if (askedUpstreamNanos != 0) {
            upstreamNanos += System.nanoTime() - beganNanos - askedUpstreamNanos;
            askedUpstreamNanos = 0;
        }
    }

    /** How long upstreams were waited for up to now: for whole answers to their end, for streams to the first piece. */
    public synchronized long upstreamNanos() {
        long asked = askedUpstreamNanos;
        return upstreamNanos + (asked == 0 ? 0 : System.nanoTime() - beganNanos - asked);
    }

    /** Notes how the limit stands that this call was counted by. */
    public void counted(LimitState state) {
        limitState = Optional.of(state);
    }

    /** How the route's limit stands; empty where it has none, or was not asked. */
    public Optional<LimitState> limitState() {
        return limitState;
    }

    /** Notes that the first piece of a stream, or a whole answer, is there. */
    public void answerBegins() {
        upstreamAnswered();
        if (firstPieceNanos == 0) {
            firstPieceNanos = Math.max(1, System.nanoTime() - beganNanos);
        }
    }

    /** How long it took until the answer began; empty when none did. */
    public Optional<Duration> timeToFirstPiece() {
        return firstPieceNanos == 0 ? Optional.empty() : Optional.of(Duration.ofNanos(firstPieceNanos));
    }

    /** Gives the lease back when the exchange is over; now, when it is already. Safe from any thread. */
    public void holds(Lease lease) {
        synchronized (this) {
            if (!over) {
                List<Lease> more = new ArrayList<>(held);
                more.add(lease);
                held = more;
                return;
            }
        }
        lease.release();
    }

    /** The exchange is over: what it holds is given back. Safe from any thread. */
    public void over() {
        List<Lease> all;
        synchronized (this) {
            over = true;
            all = held;
            held = List.of();
        }
        all.forEach(Lease::release);
    }
}
