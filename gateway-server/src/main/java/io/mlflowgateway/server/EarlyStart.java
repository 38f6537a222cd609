package io.mlflowgateway.server;

import io.mlflowgateway.server.json.Json;

/** What makes a start shorter, and must come before everything else in the process. */
final class EarlyStart {
    private static final String NETTY_RECORDS = "io.netty.jfr.enabled";

    private EarlyStart() {}

    /**
     * Loads the JSON library, which takes the longest of all, beside the rest of the start: whoever needs it before it is
     * there waits for it. Without Netty's flight records, unless they are asked for, a hundred classes are not needed.
     */
    static void begin() {
        if (System.getProperty(NETTY_RECORDS) == null) {
            System.setProperty(NETTY_RECORDS, "false");
        }
        Thread thread = new Thread(Json::mapper, "early-start");
        thread.setDaemon(true);
        thread.start();
    }
}
