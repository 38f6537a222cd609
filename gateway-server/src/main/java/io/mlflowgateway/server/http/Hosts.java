package io.mlflowgateway.server.http;

import java.net.InetAddress;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Which Host names requests may be addressed to: the guard against DNS rebinding, where a web page reaches a server on
 * its reader's own machine through a name of the page's owner.
 */
public final class Hosts {
    private static final Pattern LOOPBACK_V4 = Pattern.compile("127(\\.[0-9]{1,3}){3}");
    private final boolean checked;
    private final Set<String> allowed;

    private Hosts(boolean checked, Set<String> allowed) {
        this.checked = checked;
        this.allowed =
                allowed.stream().map(name -> name.toLowerCase(Locale.ROOT)).collect(Collectors.toUnmodifiableSet());
    }

    /**
     * The rule for a server bound to this address: on loopback only loopback names and the allowed ones; elsewhere any
     * name, unless some are given.
     *
     * @param allowed names without port
     */
    public static Hosts boundTo(InetAddress address, Set<String> allowed) {
        return new Hosts(address.isLoopbackAddress() || !allowed.isEmpty(), allowed);
    }

    boolean allow(String hostHeader) {
        if (!checked) {
            return true;
        }
        String name = name(hostHeader).toLowerCase(Locale.ROOT);
        return name.equals("localhost")
                || name.equals("[::1]")
                || name.endsWith(".localhost")
                || LOOPBACK_V4.matcher(name).matches()
                || allowed.contains(name);
    }

    private static String name(String hostHeader) {
        int colon = hostHeader.lastIndexOf(':');
        return colon < 0 || hostHeader.endsWith("]") ? hostHeader : hostHeader.substring(0, colon);
    }
}
