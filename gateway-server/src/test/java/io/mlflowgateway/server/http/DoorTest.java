package io.mlflowgateway.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.server.config.Limits;
import io.mlflowgateway.server.query.Observer.Refusal;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.junit.jupiter.api.Test;

class DoorTest {
    private final Door door = new Door(new Limits(1, 1, 1, 1, 3, 2));

    @Test
    void who_leaves_makes_room_and_is_forgotten() {
        EmbeddedChannel first = from("192.0.2.1");
        EmbeddedChannel second = from("192.0.2.1");
        assertThat(door.enter(first)).isEmpty();
        assertThat(door.enter(second)).isEmpty();
        assertThat(door.enter(from("192.0.2.1"))).contains(Refusal.TOO_MANY_FROM_ADDRESS);

        first.close();
        first.runPendingTasks();
        boolean room = door.enter(from("192.0.2.1")).isEmpty();

        assertThat(room).isTrue();
        assertThat(door.open()).isEqualTo(2);
        assertThat(door.addresses()).isEqualTo(1);
    }

    @Test
    void a_refused_one_takes_no_room() {
        for (int i = 1; i <= 3; i++) {
            assertThat(door.enter(from("192.0.2." + i))).isEmpty();
        }

        assertThat(door.enter(from("192.0.2.4"))).contains(Refusal.TOO_MANY);
        assertThat(door.open()).isEqualTo(3);
        assertThat(door.addresses()).isEqualTo(3);
    }

    @Test
    void a_network_of_ipv6_counts_as_one_address() {
        assertThat(door.enter(from("2001:db8:1:2::1"))).isEmpty();
        assertThat(door.enter(from("2001:db8:1:2:3:4:5:6"))).isEmpty();

        assertThat(door.enter(from("2001:db8:1:2:ffff::9"))).contains(Refusal.TOO_MANY_FROM_ADDRESS);
        assertThat(door.enter(from("2001:db8:1:3::1"))).isEmpty();
    }

    private static EmbeddedChannel from(String address) {
        return new EmbeddedChannel() {
            @Override
            public SocketAddress remoteAddress() {
                return new InetSocketAddress(address, 1);
            }
        };
    }
}
