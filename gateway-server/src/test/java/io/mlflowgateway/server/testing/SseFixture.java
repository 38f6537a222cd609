package io.mlflowgateway.server.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The data of the events in a file of recorded ones; each has one {@code data:} line. */
public final class SseFixture {
    private static final String DATA = "data: ";

    private SseFixture() {}

    /** @param path of the resource, from the root */
    public static List<String> data(String path) {
        List<String> data = new ArrayList<>();
        for (String line : text(path).split("\n", -1)) {
            if (line.startsWith(DATA)) {
                data.add(line.substring(DATA.length()));
            }
        }
        return data;
    }

    /** The whole of a file. */
    public static String text(String path) {
        try (InputStream in = SseFixture.class.getResourceAsStream(path)) {
            if (in == null) {
                throw new IllegalArgumentException("there is no " + path);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
