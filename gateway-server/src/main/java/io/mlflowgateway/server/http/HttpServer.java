package io.mlflowgateway.server.http;

import io.mlflowgateway.server.config.ServerConfig;
import io.mlflowgateway.server.query.Observer;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpResponseEncoder;
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
    /** How long what still comes after a refusal is read and thrown away. */
    static final Duration LINGER = Duration.ofSeconds(2);

    /** Past an exchange's deadline until its connection is cut, for the failure to reach the caller first. */
    static final Duration GRACE = Duration.ofSeconds(5);

    /** A slow reader holds at most this much of its stream in the heap, and one event more. */
    private static final WriteBufferWaterMark WATER_MARK = new WriteBufferWaterMark(64 * 1024, 256 * 1024);

    private static final Logger LOG = LoggerFactory.getLogger(HttpServer.class);

    private final Channel listener;
    private final ChannelGroup connections;
    private final Duration drain;

    private HttpServer(Channel listener, ChannelGroup connections, Duration drain) {
        this.listener = listener;
        this.connections = connections;
        this.drain = drain;
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
        return start(config, loops, site, ids, observer, BodyMemory.ofThisProcess());
    }

    static HttpServer start(
            ServerConfig config,
            LoopResources loops,
            Site site,
            Supplier<String> ids,
            Observer observer,
            BodyMemory memory)
            throws IOException {
        InetAddress address = InetAddress.getByName(config.host());
        HeadReader heads =
                new HeadReader(ids, config.upstream().total(), Hosts.boundTo(address, config.allowedHosts()));
        ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);
        Wire wire = new Wire(new HttpDate());
        EventLoopGroup acceptor = loops.onServerSelect(true);
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(acceptor, loops.onServer(true))
                .channel(loops.onChannelClass(ServerSocketChannel.class, acceptor))
                .option(ChannelOption.SO_BACKLOG, 4096)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        if (connections.size() >= config.limits().connections()) {
                            channel.close();
                            return;
                        }
                        connections.add(channel);
                        RequestDecoder decoder = new RequestDecoder(decoding(config));
                        channel.pipeline()
                                .addLast(decoder)
                                .addLast(new HttpResponseEncoder())
                                .addLast(new Connection(
                                        site,
                                        wire,
                                        heads,
                                        decoder,
                                        config.timeouts(),
                                        config.limits(),
                                        memory,
                                        observer));
                    }
                });
        var bound =
                bootstrap.bind(new InetSocketAddress(address, config.port())).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IOException(
                    "cannot listen on " + config.host() + ":" + config.port() + ": "
                            + bound.cause().getMessage(),
                    bound.cause());
        }
        return new HttpServer(bound.channel(), connections, config.timeouts().drain());
    }

    private static HttpDecoderConfig decoding(ServerConfig config) {
        return new HttpDecoderConfig()
                .setMaxInitialLineLength(config.limits().url() + 64)
                .setMaxHeaderSize(config.limits().requestHead())
                .setStrictLineParsing(true)
                .setUseRfc9112TransferEncoding(true);
    }

    /** The port it listens on. */
    public int port() {
        return ((InetSocketAddress) listener.localAddress()).getPort();
    }

    /** How many connections from callers are open. */
    public int connections() {
        return connections.size();
    }

    /**
     * Stops accepting at once, lets running exchanges finish up to the drain time, then cuts what is left. Blocks until
     * all connections are closed.
     */
    public void drain() {
        listener.close().awaitUninterruptibly();
        LOG.info(
                "stopping: nothing new is accepted; {} connections are open, and what runs may take {}",
                connections.size(),
                drain);
        connections.forEach(channel -> channel.pipeline().fireUserEventTriggered(Connection.DRAIN));
        if (!connections.newCloseFuture().awaitUninterruptibly(drain.toMillis(), TimeUnit.MILLISECONDS)) {
            LOG.warn("{} exchanges did not finish within {}; cutting them", connections.size(), drain);
            connections.forEach(channel -> channel.pipeline().fireUserEventTriggered(Connection.CUT));
            connections.newCloseFuture().awaitUninterruptibly(LINGER.toMillis() + 500, TimeUnit.MILLISECONDS);
            connections.close().awaitUninterruptibly();
        }
    }
}
