package io.mlflowgateway.server.testing;

import java.util.List;
import java.util.Optional;

/** A page of metrics in Prometheus's text format, as read at one moment. */
public record Scrape(String text) {
    /** Reads the page of a gateway. */
    public static Scrape of(int port) {
        try (RawConnection caller = new RawConnection(port)) {
            return new Scrape(caller.send("GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n")
                    .answer()
                    .body());
        }
    }

    /** The sum of all samples of this name that have these labels, each as {@code name="value"}; 0 without one. */
    public double sum(String name, String... labels) {
        return samples(name).stream()
                .filter(sample -> List.of(labels).stream().allMatch(sample::contains))
                .mapToDouble(sample -> Double.parseDouble(sample.substring(sample.lastIndexOf(' ') + 1)))
                .sum();
    }

    /** All samples of this name, with labels and value. */
    public List<String> samples(String name) {
        return text.lines()
                .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
                .toList();
    }

    /** How many series there are. */
    public long series() {
        return text.lines().filter(line -> !line.startsWith("#")).count();
    }

    /** A metric's type, as the page says it. */
    public Optional<String> type(String name) {
        return text.lines()
                .filter(line -> line.startsWith("# TYPE " + name + " "))
                .map(line -> line.substring(line.lastIndexOf(' ') + 1))
                .findFirst();
    }
}
