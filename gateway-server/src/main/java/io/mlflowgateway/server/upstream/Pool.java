package io.mlflowgateway.server.upstream;

import io.mlflowgateway.server.config.UpstreamSettings;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The connections to one upstream that are made one way, on all loops. An exchange gets an idle one of its own loop, the
 * one used last; or a new one; or, when there may be no more, an idle one of another loop, or a place in line. Thread-safe.
 */
final class Pool {
    /**
     * Idle connections are let go before balancers and firewalls on the way forget them, commonly after 60 s and without a
     * word. Servers that close earlier, as uvicorn does after 5 s, are heard doing so; a request that crosses such an end is
     * sent once more.
     */
    static final Duration MAX_IDLE = Duration.ofSeconds(30);

    /** Calls that may wait for a connection when all are in use. */
    static final int MAX_WAITING = 1_000;

    /**
     * How connections are made, and for whom.
     *
     * @param owner the route that has them for itself; empty for those that routes share
     * @param connections open to one upstream at once
     */
    record Way(Optional<String> owner, int connections, Duration connect, Duration tlsHandshake) {
        // Both by hand, as in Upstreams.
        @Override
        public int hashCode() {
            return owner.hashCode();
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Way way
                    && owner.equals(way.owner)
                    && connections == way.connections
                    && connect.equals(way.connect)
                    && tlsHandshake.equals(way.tlsHandshake);
        }

        static Way of(Optional<String> owner, UpstreamSettings settings) {
            return new Way(owner, settings.connections(), settings.connect(), settings.tlsHandshake());
        }
    }

    private final Way way;
    private final Place place;
    private final Transport transport;

    // All guarded by this. Nothing of anybody else is called meanwhile.
    private final Map<EventLoop, Deque<Connection>> idle = new IdentityHashMap<>();
    private final Deque<Exchange> line = new ArrayDeque<>();
    private int open;
    private int idleOnes;
    private boolean letGo;

    Pool(Way way, Place place, Transport transport) {
        this.way = way;
        this.place = place;
        this.transport = transport;
        transport.loops().forEach(loop -> idle.put(loop, new ArrayDeque<>()));
    }

    Way way() {
        return way;
    }

    Place place() {
        return place;
    }

    /** The exchange needs a connection: it gets one, now or later, or is told why there is none. */
    void take(Exchange exchange) {
        EventLoop home = exchange.home();
        Connection found;
        boolean mayMake = false;
        boolean inLine = false;
        synchronized (this) {
            found = idleOn(home);
            if (found == null && !home.inEventLoop()) {
                found = idleAnywhere();
            }
            if (found == null && open < way.connections()) {
                open++;
                mayMake = true;
            } else if (found == null) {
                found = idleAnywhere();
            }
            if (found == null && !mayMake && line.size() < MAX_WAITING) {
                inLine = line.add(exchange);
            }
        }
        if (found != null) {
            exchange.given(found);
        } else if (mayMake) {
            exchange.runOn(home, () -> make(exchange));
        } else if (inLine) {
            exchange.waits();
        } else {
            exchange.runOn(home, exchange::noneFree);
        }
    }

    /** One that is counted already. On the exchange's home loop. */
    private void make(Exchange exchange) {
        if (exchange.left()) {
            gone();
            return;
        }
        Connection next = new Connection(this, exchange.home(), exchange);
        exchange.awaits(next);
        new Dial(next, transport, place, way).begin();
    }

    /** The exchange gets a new connection in place of one that broke. */
    void makeInstead(Exchange exchange) {
        exchange.runOn(exchange.home(), () -> make(exchange));
    }

    /** It carries no exchange any more, and can carry another. On its loop. */
    void free(Connection connection) {
        Exchange next;
        boolean unwanted;
        synchronized (this) {
            next = line.poll();
            unwanted = next == null && letGo;
            if (next == null && !unwanted) {
                idleOf(connection.loop()).addFirst(connection);
                idleOnes++;
            }
        }
        if (next != null) {
            next.given(connection);
        } else if (unwanted) {
            connection.close();
        }
    }

    /** It is closed. On its loop. */
    void gone(Connection connection) {
        synchronized (this) {
            // Those that were idle longest are last, and close first.
            if (idleOf(connection.loop()).removeLastOccurrence(connection)) {
                idleOnes--;
            }
        }
        gone();
    }

    private void gone() {
        Exchange next;
        synchronized (this) {
            next = line.poll();
            if (next == null) {
                open--;
            }
        }
        if (next != null) {
            Exchange waiting = next;
            waiting.runOn(waiting.home(), () -> make(waiting));
        }
    }

    /** @return false when it is in line no more */
    synchronized boolean leaveLine(Exchange exchange) {
        return line.remove(exchange);
    }

    /** No route uses it any more: idle connections are closed, those in use when their exchange is over. */
    void letGo() {
        List<Connection> unused = new ArrayList<>();
        synchronized (this) {
            letGo = true;
            idle.values().forEach(unused::addAll);
            idle.values().forEach(Deque::clear);
            idleOnes = 0;
        }
        unused.forEach(connection -> connection.loop().execute(connection::close));
    }

    /** Closes the idle connections; exchanges that wait for one fail. */
    void close() {
        letGo();
        List<Exchange> waiting;
        synchronized (this) {
            waiting = List.copyOf(line);
            line.clear();
        }
        waiting.forEach(exchange -> exchange.runOn(exchange.home(), exchange::noneFree));
    }

    private @Nullable Connection idleOn(EventLoop loop) {
        Connection found = idleOf(loop).pollFirst();
        if (found != null) {
            idleOnes--;
        }
        return found;
    }

    private Deque<Connection> idleOf(EventLoop loop) {
        return Objects.requireNonNull(idle.get(loop), "a loop of another transport");
    }

    private @Nullable Connection idleAnywhere() {
        if (idleOnes == 0) {
            return null;
        }
        Connection found = null;
        for (EventLoop loop : idle.keySet()) {
            found = found == null ? idleOn(loop) : found;
        }
        return found;
    }
}
