package io.mlflowgateway.server.upstream;

import java.net.InetSocketAddress;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import reactor.netty.transport.AddressUtils;

/**
 * An upstream, as far as a connection to it goes.
 *
 * @param host as in a URL: an IPv6 address stands in brackets
 */
record Place(String host, int port, boolean secure) {
    private static final int HTTP = 80;
    private static final int HTTPS = 443;

    /** @throws IllegalArgumentException when the URL is not an absolute http or https one */
    static Place of(URI url) {
        boolean secure = "https".equalsIgnoreCase(url.getScheme());
        if (url.getHost() == null || (!secure && !"http".equalsIgnoreCase(url.getScheme()))) {
            throw new IllegalArgumentException("not an absolute http or https URL");
        }
        int port = url.getPort() >= 0 ? url.getPort() : secure ? HTTPS : HTTP;
        return new Place(url.getHost(), port, secure);
    }

    /** What is to be looked up; an address in digits is taken as it is. */
    InetSocketAddress address() {
        return AddressUtils.createUnresolved(bareHost(), port);
    }

    /** Without brackets. */
    String bareHost() {
        return host.replace("[", "").replace("]", "");
    }

    /** The Host header: the port stands in it unless it is the scheme's own. */
    String hostHeader() {
        return port == (secure ? HTTPS : HTTP) ? host : toString();
    }

    // Both by hand, as in Upstreams.
    @Override
    public int hashCode() {
        return 31 * host.hashCode() + port;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Place place && host.equals(place.host) && port == place.port && secure == place.secure;
    }

    @Override
    public String toString() {
        return host + ":" + port;
    }
}
