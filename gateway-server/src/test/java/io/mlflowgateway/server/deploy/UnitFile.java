package io.mlflowgateway.server.deploy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A unit of systemd: what each key is set to, in order. */
final class UnitFile {
    private final Map<String, List<String>> values = new HashMap<>();

    UnitFile(Path file) {
        try {
            String text = Files.readString(file).replaceAll("(?m)^[#;].*\n", "").replace("\\\n", " ");
            String section = "";
            for (String line : text.lines().filter(each -> !each.isBlank()).toList()) {
                if (line.startsWith("[")) {
                    section = line.substring(1, line.indexOf(']'));
                } else {
                    int is = line.indexOf('=');
                    values.computeIfAbsent(section + "." + line.substring(0, is), key -> new ArrayList<>())
                            .add(line.substring(is + 1).strip());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All that a key of {@code [Service]} is set to; empty when it is not. */
    List<String> service(String key) {
        return values.getOrDefault("Service." + key, List.of());
    }

    /** What a key of {@code [Service]} is set to once. */
    String the(String key) {
        List<String> all = service(key);
        if (all.size() != 1) {
            throw new AssertionError(key + " is set to " + all);
        }
        return all.get(0);
    }
}
