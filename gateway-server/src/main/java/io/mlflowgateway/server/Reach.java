package io.mlflowgateway.server;

import io.mlflowgateway.server.config.EffectiveSetting;
import io.mlflowgateway.server.config.InvalidConfig;
import io.mlflowgateway.server.config.Problems;
import io.mlflowgateway.server.config.ServerConfig;
import io.mlflowgateway.server.config.ServerSetting;
import io.mlflowgateway.server.config.ServerSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;

/**
 * Who can reach the address that is to be listened on. As long as callers are not asked who they are, that may be this
 * machine only, unless somebody says otherwise.
 */
final class Reach {
    private final String host;
    private final List<InetAddress> addresses;

    /** @param addresses that the host stands for, at least one */
    Reach(String host, List<InetAddress> addresses) {
        this.host = host;
        this.addresses = List.copyOf(addresses);
    }

    /** Of an address or a name. Blocks while the name is looked up. */
    private static Reach of(String host) throws UnknownHostException {
        return new Reach(host, List.of(InetAddress.getAllByName(host)));
    }

    /** One such address among several is enough: which of them is listened on may change. */
    boolean isBeyondThisMachine() {
        return !addresses.stream().allMatch(InetAddress::isLoopbackAddress);
    }

    private String exposed() {
        return host + " can be reached from other machines, and callers are not asked who they are";
    }

    /**
     * What is to be said of the address.
     *
     * @throws InvalidConfig where other machines reach it and nobody allowed that, or where it is none
     */
    static List<String> warnings(ServerSettings settings) throws InvalidConfig {
        EffectiveSetting setting = settings.settings().stream()
                .filter(candidate -> candidate.setting() == ServerSetting.HOST)
                .findFirst()
                .orElseThrow();
        try {
            Reach reach = of(settings.config().host());
            if (reach.isBeyondThisMachine() && !settings.config().allowUnauthenticated()) {
                throw refused(setting, reach.exposed() + ": " + wayOut());
            }
            return reach.warnings();
        } catch (UnknownHostException e) {
            throw refused(setting, "'" + setting.value() + "' is no address, and no name of one");
        }
    }

    private static InvalidConfig refused(EffectiveSetting host, String message) {
        return new InvalidConfig(
                List.of(new Problems.Problem(host.origin(), host.setting().settingName(), message)));
    }

    private static String wayOut() {
        ServerSetting allow = ServerSetting.ALLOW_UNAUTHENTICATED;
        return "listen on " + ServerSetting.HOST.defaultValue()
                + ", or, where only those reach it who may use every route, say " + allow.flag() + " ("
                + allow.variable() + "=true, server." + allow.key() + ": true)";
    }

    List<String> warnings() {
        List<String> warnings = new ArrayList<>();
        if (isBeyondThisMachine()) {
            warnings.add(exposed());
        }
        if (addresses.size() > 1) {
            warnings.add(host + " stands for " + addresses.size() + " addresses; the first is listened on, "
                    + addresses.get(0).getHostAddress());
        }
        return warnings;
    }

    /** Refuses to listen where nobody allowed it, whoever starts the gateway. */
    static void check(ServerConfig config) throws IOException {
        Reach reach = of(config.host());
        if (reach.isBeyondThisMachine() && !config.allowUnauthenticated()) {
            throw new IOException(reach.exposed() + ": " + wayOut());
        }
    }
}
