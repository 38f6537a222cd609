package io.mlflowgateway.server.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports for servers that leave and come back on the same one. They lie below those the system gives to outgoing
 * connections: one of these could otherwise take the port while its server is away.
 */
public final class LastingPort {
    private static final int LOWEST = 12_000;
    private static final int HIGHEST = 32_000;

    private LastingPort() {}

    /** One that nobody listens on now. */
    public static int free() {
        for (int attempt = 0; attempt < 100; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST);
            try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return probe.getLocalPort();
            } catch (IOException taken) {
                // Another one, then.
            }
        }
        throw new AssertionError("no free port between " + LOWEST + " and " + HIGHEST);
    }
}
