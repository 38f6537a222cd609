package io.mlflowgateway.server.routing;

/** The table in force. Calls read it; only start-up and the file watcher put another one in. */
public final class Routes {
    private volatile RouteTable current;

    public Routes(RouteTable first) {
        this.current = first;
    }

    public RouteTable current() {
        return current;
    }

    public void replace(RouteTable next) {
        current = next;
    }
}
