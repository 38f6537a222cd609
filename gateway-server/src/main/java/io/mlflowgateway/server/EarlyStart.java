package io.mlflowgateway.server;

import io.mlflowgateway.server.http.HttpServer;
import io.mlflowgateway.server.log.ProcessLog;
import io.mlflowgateway.server.usage.Metrics;

/** What makes a start shorter: libraries are loaded beside each other, and those that can wait do. */
final class EarlyStart {
    private static final String NETTY_RECORDS = "io.netty.jfr.enabled";
    private static final String NETTY_LEAK_SAMPLING = "io.netty.leakDetection.samplingInterval";

    private static final String NETTY_ALLOCATOR = "io.netty.allocator.";

    private EarlyStart() {}

    /**
     * Must come before anything has touched Netty or asked for a logger. Loads the transport with its native library, and the metrics,
     * beside the reading of the command line and the configuration: whoever needs them before they are there waits for
     * them. Without Netty's flight records, unless they are asked for, a hundred classes are not needed; and a buffer in
     * two thousand is enough to find a leak by: each one watched has a stack trace taken. Buffers come from a pool that hands
     * out the one given back last, which the processor still has at hand; its pieces of a megabyte keep it small.
     */
    static void begin() {
        setUnlessGiven(NETTY_RECORDS, "false");
        setUnlessGiven(NETTY_LEAK_SAMPLING, "2048");
        setUnlessGiven(NETTY_ALLOCATOR + "type", "pooled");
        setUnlessGiven(NETTY_ALLOCATOR + "numHeapArenas", "0");
        setUnlessGiven(NETTY_ALLOCATOR + "maxOrder", "7");
        logged("transport", HttpServer::load);
        logged("metrics", Metrics::load);
    }

    /** Libraries ask for a logger as they load: the process must have its log by then. */
    private static void logged(String name, Runnable load) {
        Thread thread = new Thread(
                () -> {
                    ProcessLog.begin();
                    load.run();
                },
                name);
        thread.setDaemon(true);
        thread.start();
    }

    private static void setUnlessGiven(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }
}
