package io.mlflowgateway.server.http;

import io.mlflowgateway.server.config.Limits;
import io.mlflowgateway.server.query.Observer.Refusal;
import io.netty.channel.Channel;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts who is in: connections at once, in all and from one address. Safe from any thread. */
final class Door {
    private final Limits limits;
    private final AtomicInteger open = new AtomicInteger();
    private final Map<Object, Integer> byAddress = new ConcurrentHashMap<>();

    Door(Limits limits) {
        this.limits = limits;
    }

    /** Lets the connection in until it closes, or says why not. */
    Optional<Refusal> enter(Channel channel) {
        if (open.incrementAndGet() > limits.connections()) {
            open.decrementAndGet();
            return Optional.of(Refusal.TOO_MANY);
        }
        Object address = limits.connectionsPerAddress() == 0 ? "" : address(channel);
        if (!enterFrom(address)) {
            open.decrementAndGet();
            return Optional.of(Refusal.TOO_MANY_FROM_ADDRESS);
        }
        channel.closeFuture().addListener(closed -> leave(address));
        return Optional.empty();
    }

    /** How many are in. */
    int open() {
        return open.get();
    }

    /** How many addresses are being counted. */
    int addresses() {
        return byAddress.size();
    }

    private boolean enterFrom(Object address) {
        int most = limits.connectionsPerAddress();
        if (most == 0 || byAddress.merge(address, 1, Integer::sum) <= most) {
            return true;
        }
        leaveFrom(address);
        return false;
    }

    private void leave(Object address) {
        open.decrementAndGet();
        leaveFrom(address);
    }

    private void leaveFrom(Object address) {
        byAddress.computeIfPresent(address, (same, count) -> count == 1 ? null : Integer.valueOf(count - 1));
    }

    /** One caller of IPv6 has a whole network of 64 bits to call from, so that network counts as one address. */
    private static Object address(Channel channel) {
        InetAddress address = ((InetSocketAddress) channel.remoteAddress()).getAddress();
        return address instanceof Inet6Address
                ? ByteBuffer.wrap(address.getAddress(), 0, 8).slice()
                : address;
    }
}
