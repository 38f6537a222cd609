package io.mlflowgateway.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlflowgateway.server.config.InvalidConfig;
import io.mlflowgateway.server.config.ServerConfigReader;
import io.mlflowgateway.server.config.ServerSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReachTest {
    private static ServerSettings settings(String... flags) throws InvalidConfig {
        Map<String, String> given =
                flags.length == 2 ? Map.of(flags[0], flags[1]) : Map.of(flags[0], flags[1], flags[2], flags[3]);
        return new ServerConfigReader(Map.of(), 2).read(given, Map.of());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"127.0.0.1", "127.9.9.9", "::1", "[::1]", "0:0:0:0:0:0:0:1", "::ffff:127.0.0.1", "2130706433"})
    void loopback_is_listened_on_without_a_word(String host) throws Exception {
        assertThat(Reach.warnings(settings("host", host))).isEmpty();
        Reach.check(settings("host", host).config());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"0.0.0.0", "0", "::", "[::]", "::ffff:0.0.0.0", "192.0.2.1", "10.0.0.1", "fe80::1", "2001:db8::1"
            })
    void what_others_reach_is_refused_with_a_way_out(String host) throws Exception {
        ServerSettings settings = settings("host", host);

        assertThatThrownBy(() -> Reach.warnings(settings))
                .isInstanceOf(InvalidConfig.class)
                .hasMessage(
                        "--host: host: " + host + " can be reached from other machines, and callers are not asked who"
                                + " they are: listen on 127.0.0.1, or, where only those reach it who may use every route, say"
                                + " --allow-unauthenticated (GATEWAY_ALLOW_UNAUTHENTICATED=true,"
                                + " server.allow-unauthenticated: true)");
        assertThatThrownBy(() -> Reach.check(settings.config())).isInstanceOf(IOException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::", "192.0.2.1"})
    void what_others_reach_is_a_warning_where_it_is_allowed(String host) throws Exception {
        ServerSettings settings = settings("host", host, "allow-unauthenticated", "true");

        assertThat(Reach.warnings(settings))
                .containsExactly(host + " can be reached from other machines, and callers are not asked who they are");
        Reach.check(settings.config());
    }

    @Test
    void the_place_is_where_the_host_was_given() throws Exception {
        ServerSettings settings = new ServerConfigReader(Map.of("GATEWAY_HOST", "0.0.0.0"), 2)
                .read(Map.of(), Map.of("host", "127.0.0.1"));

        assertThatThrownBy(() -> Reach.warnings(settings)).hasMessageStartingWith("GATEWAY_HOST: host: ");
    }

    @Test
    void a_name_that_leads_beyond_this_machine_by_one_of_its_addresses_is_beyond_it() throws Exception {
        InetAddress loopback = InetAddress.getByName("127.0.0.1");
        InetAddress other = InetAddress.getByName("192.0.2.1");

        assertThat(new Reach("name", List.of(loopback, loopback)).isBeyondThisMachine())
                .isFalse();
        assertThat(new Reach("name", List.of(loopback, other)).isBeyondThisMachine())
                .isTrue();
        assertThat(new Reach("name", List.of(loopback, other)).warnings())
                .containsExactly(
                        "name can be reached from other machines, and callers are not asked who they are",
                        "name stands for 2 addresses; the first is listened on, 127.0.0.1");
    }
}
