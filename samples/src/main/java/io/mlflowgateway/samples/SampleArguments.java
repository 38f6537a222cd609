package io.mlflowgateway.samples;

/** What the samples take on their command line. */
final class SampleArguments {
    private SampleArguments() {}

    /** The first argument, else the address where {@code gateway-server.jar start} listens by default. */
    static String gateway(String[] arguments) {
        return arguments.length > 0 ? arguments[0] : "http://127.0.0.1:5000";
    }

    /** The second argument: the configuration file the running gateway reads. */
    static String configuration(String[] arguments) {
        if (arguments.length < 2) {
            throw new IllegalArgumentException("usage: GATEWAY_URL CONFIG_FILE (the file the running gateway reads)");
        }
        return arguments[1];
    }
}
