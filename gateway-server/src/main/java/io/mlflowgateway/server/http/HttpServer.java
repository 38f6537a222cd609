package io.mlflowgateway.server.http;

import io.mlflowgateway.server.config.ServerConfig;
import io.mlflowgateway.server.config.Timeouts;
import io.mlflowgateway.server.query.MemoryCap;
import io.mlflowgateway.server.query.Observer;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.netty.resources.LoopResources;

/** Listens for callers. HTTP/1.1 and HTTP/1.0, without TLS: a proxy in front ends TLS where it is needed. */
public final class HttpServer {
    /** For callers half-way in when accepting stops. */
    private static final Duration ARRIVALS = Duration.ofSeconds(1);

    /** Beyond what closing gently takes. */
    private static final Duration SLACK = Duration.ofMillis(500);

    /** A slow reader holds at most this much of its stream in the heap, and one event more. */
    private static final WriteBufferWaterMark WATER_MARK = new WriteBufferWaterMark(64 * 1024, 256 * 1024);

    private static final Logger LOG = LoggerFactory.getLogger(HttpServer.class);

    private final Channel socket;
    private final Listener listener;
    private final ChannelGroup connections;
    private final Door door;
    private final Stopping stopping;
    private final Timeouts timeouts;

    private HttpServer(
            Channel socket,
            Listener listener,
            ChannelGroup connections,
            Door door,
            Stopping stopping,
            Timeouts timeouts) {
        this.socket = socket;
        this.listener = listener;
        this.connections = connections;
        this.door = door;
        this.stopping = stopping;
        this.timeouts = timeouts;
    }

    /** Loads the transport and its native library, which takes a while. */
    public static void load() {
        LoopResources.hasNativeSupport();
        ByteBufAllocator.DEFAULT.directBuffer().release();
    }

    /**
     * Binds and serves. Called from a thread that may block.
     *
     * @param observer told of every exchange
     * @throws IOException when the address cannot be bound
     */
    public static HttpServer start(
            ServerConfig config, LoopResources loops, Site site, Supplier<String> ids, Observer observer)
            throws IOException {
        return start(config, loops, site, ids, observer, MemoryCap.ofThisProcess());
    }

    static HttpServer start(
            ServerConfig config,
            LoopResources loops,
            Site site,
            Supplier<String> ids,
            Observer observer,
            MemoryCap memory)
            throws IOException {
        InetAddress address = InetAddress.getByName(config.host());
        HeadReader heads = new HeadReader(
                ids, config.upstream().total(), config.limits(), Hosts.boundTo(address, config.allowedHosts()));
        Stopping stopping = new Stopping();
        Edge edge = new Edge(
                site, new Wire(new HttpDate()), heads, config.timeouts(), config.limits(), memory, observer, stopping);
        ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
        Listener listener = new Listener(connections);
        Door door = new Door(config.limits());
        Channel socket = bind(new InetSocketAddress(address, config.port()), loops, listener, new Entrance(edge, door));
        return new HttpServer(socket, listener, connections, door, stopping, config.timeouts());
    }

    private static Channel bind(InetSocketAddress to, LoopResources loops, Listener listener, Entrance entrance)
            throws IOException {
        EventLoopGroup acceptor = loops.onServerSelect(true);
        ChannelFuture bound = new ServerBootstrap()
                .group(acceptor, loops.onServer(true))
                .channel(loops.onChannelClass(ServerSocketChannel.class, acceptor))
                .option(ChannelOption.SO_BACKLOG, 4096)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
                .handler(listener)
                .childHandler(entrance)
                .bind(to)
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IOException(
                    "cannot listen on " + to.getHostString() + ":" + to.getPort() + ": "
                            + bound.cause().getMessage(),
                    bound.cause());
        }
        return bound.channel();
    }

    /** The port it listens on. */
    public int port() {
        return ((InetSocketAddress) socket.localAddress()).getPort();
    }

    /** How many connections of callers are open. */
    public int connections() {
        return door.open();
    }

    /**
     * Stops so that no call is lost that could be answered. Blocks until all connections are closed; in turn:
     *
     * <ol>
     *   <li>for the drain delay everything is served, but answers say that their connection closes;
     *   <li>nothing new is accepted; whoever is half-way in still comes in;
     *   <li>up to the drain time, what runs ends, and a connection that lay idle only just now may ask once more;
     *   <li>what still runs is cut, with 503 or an error event.
     * </ol>
     *
     * <p>A second call returns when everything is closed, too.
     */
    public void drain() {
        stopping.announce();
        if (socket.isOpen()) {
            long delay = timeouts.drainDelay().toMillis();
            LOG.info("stopping: {} connections are open, and may ask for {} ms more", door.open(), delay);
        }
        socket.closeFuture().awaitUninterruptibly(timeouts.drainDelay().toMillis(), TimeUnit.MILLISECONDS);
        long end = System.nanoTime() + timeouts.drain().toNanos();
        Duration arrivals = ARRIVALS.compareTo(timeouts.drain()) < 0 ? ARRIVALS : timeouts.drain();
        listener.close(socket, arrivals);
        stopping.drain();
        tellAll(Connection.DRAIN);
        if (!connections.newCloseFuture().awaitUninterruptibly(end - System.nanoTime(), TimeUnit.NANOSECONDS)) {
            cut();
        }
    }

    private void cut() {
        LOG.warn(
                "{} connections did not end within {} ms; cutting them",
                connections.size(),
                timeouts.drain().toMillis());
        tellAll(Connection.CUT);
        Duration last = Lingering.MOST.plus(SLACK);
        connections.newCloseFuture().awaitUninterruptibly(last.toMillis(), TimeUnit.MILLISECONDS);
        connections.close().awaitUninterruptibly();
    }

    /** One that is not registered yet finds out by itself how far the stop has come. */
    private void tellAll(Object event) {
        connections.stream()
                .filter(Channel::isRegistered)
                .forEach(channel -> channel.pipeline().fireUserEventTriggered(event));
    }
}
