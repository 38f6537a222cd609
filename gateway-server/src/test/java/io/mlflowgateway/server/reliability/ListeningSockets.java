package io.mlflowgateway.server.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a process listens on, as Linux tells it. */
final class ListeningSockets {
    private static final String LISTEN = "0A";

    private ListeningSockets() {}

    /**
     * One socket.
     *
     * @param address as in {@code /proc/net/tcp}: hexadecimal, each four bytes in the machine's order
     */
    record Socket(String address, int port) {
        boolean loopback() {
            // 127.x.y.z, that in IPv6, and ::1, on little-endian machines.
            return address.matches("[0-9A-F]{6}7F|0{16}FFFF0000[0-9A-F]{6}7F|0{24}01000000");
        }

        @Override
        public String toString() {
            return (loopback() ? "loopback" : address) + ":" + port;
        }
    }

    /** Those of the process. Also those of IPv6, where an IPv4 address stands as a mapped one. */
    static List<Socket> of(long pid) throws IOException {
        Set<String> own = inodes(pid);
        List<Socket> listening = new ArrayList<>();
        for (String table : List.of("tcp", "tcp6")) {
            Path path = Path.of("/proc/" + pid + "/net/" + table);
            List<String> lines = Files.exists(path) ? Files.readAllLines(path) : List.of();
            lines.stream()
                    .skip(1)
                    .map(line -> line.strip().split("\\s+"))
                    .filter(columns -> columns[3].equals(LISTEN) && own.contains(columns[9]))
                    .map(columns -> columns[1].split(":"))
                    .forEach(local -> listening.add(new Socket(local[0], Integer.parseInt(local[1], 16))));
        }
        assertThat(own).as("the process has sockets").isNotEmpty();
        return listening;
    }

    private static Set<String> inodes(long pid) throws IOException {
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/" + pid + "/fd"))) {
            return descriptors
                    .map(ListeningSockets::target)
                    .filter(target -> target.startsWith("socket:["))
                    .map(target -> target.substring("socket:[".length(), target.length() - 1))
                    .collect(Collectors.toSet());
        }
    }

    private static String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException e) {
            // Closed meanwhile.
            return "";
        }
    }
}
