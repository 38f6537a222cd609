package io.mlflowgateway.server.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.unix.IntegerUnixChannelOption;
import io.netty.channel.unix.RawUnixChannelOption;
import io.netty.channel.unix.UnixChannel;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** What Linux can do with a socket that Java has no name for. Elsewhere, and where it is not permitted, nothing happens. */
final class LinuxSockets {
    private static final int SOL_SOCKET = 1;
    private static final int SO_ATTACH_FILTER = 26;
    private static final int IPPROTO_TCP = 6;
    private static final int TCP_NOTSENT_LOWAT = 25;

    private static final IntegerUnixChannelOption UNSENT =
            new IntegerUnixChannelOption("TCP_NOTSENT_LOWAT", IPPROTO_TCP, TCP_NOTSENT_LOWAT);

    private static final int MOST_UNSENT = 128 * 1024;

    /** Of {@code struct sock_fprog}, on every 64-bit system: a count, padding, an address. */
    private static final int PROGRAM_BYTES = 16;

    private static final RawUnixChannelOption FILTER =
            new RawUnixChannelOption("SO_ATTACH_FILTER", SOL_SOCKET, SO_ATTACH_FILTER, PROGRAM_BYTES);

    /** In the words of {@code linux/filter.h}: operation, steps if true and if false, operand. */
    private static final int[][] DROP_SYN = {
        {0x30, 0, 0, 13}, // load the byte of TCP's header that holds its flags
        {0x54, 0, 0, 0x12}, // of them SYN and ACK
        {0x15, 0, 1, 0x02}, // SYN alone is an attempt to connect
        {0x06, 0, 0, 0}, // which is dropped
        {0x06, 0, 0, -1}, // all else passes whole
    };

    private LinuxSockets() {}

    /**
     * Keeps what waits in the kernel for a caller small; what is on its way to it is not limited. Otherwise a caller that
     * stops reading gets megabytes into there, and one that reads slowly looks as if it took nothing: the kernel asks for
     * more only when a third of that is gone.
     */
    static void keepLittleUnsent(Channel connection) {
        if (isLinux(connection)) {
            set(() -> connection.config().setOption(UNSENT, MOST_UNSENT));
        }
    }

    /**
     * Lets a listening socket take no new connection while those it has taken can still be accepted. Closing it would
     * reset whoever is connected but not accepted, perhaps with a request on its way; and however fast those are accepted,
     * others come in before the close. From now on an attempt to connect is not answered: its caller tries again by
     * itself, and is refused cleanly once the socket is closed.
     */
    static void dropAttempts(Channel listener) {
        if (isLinux(listener)) {
            ByteBuf steps = Unpooled.directBuffer(DROP_SYN.length * 8);
            if (steps.hasMemoryAddress()) {
                set(() -> listener.config().setOption(FILTER, program(steps)));
            }
            steps.release();
        }
    }

    private static ByteBuffer program(ByteBuf steps) {
        ByteBuffer instructions =
                steps.internalNioBuffer(0, DROP_SYN.length * 8).order(ByteOrder.nativeOrder());
        for (int[] step : DROP_SYN) {
            instructions
                    .putShort((short) step[0])
                    .put((byte) step[1])
                    .put((byte) step[2])
                    .putInt(step[3]);
        }
        ByteBuffer program = ByteBuffer.allocateDirect(PROGRAM_BYTES).order(ByteOrder.nativeOrder());
        return program.putShort(0, (short) DROP_SYN.length).putLong(8, steps.memoryAddress());
    }

    private static boolean isLinux(Channel channel) {
        return channel instanceof UnixChannel && System.getProperty("os.name").equals("Linux");
    }

    private static void set(Runnable option) {
        try {
            option.run();
        } catch (ChannelException notPermitted) {
            // Then it goes on as it would anywhere else.
        }
    }
}
