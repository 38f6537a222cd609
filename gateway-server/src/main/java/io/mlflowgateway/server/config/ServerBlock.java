package io.mlflowgateway.server.config;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/** Reads the file's {@code server:} block against the table of {@link ServerSetting}s. */
final class ServerBlock {
    static final String KEY = "server";
    private static final List<String> BLOCKS = List.of("timeouts", "limits", "log");

    private ServerBlock() {}

    /** Its values by {@link ServerSetting#settingName()}, each checked; what is wrong is in the report. */
    static Map<String, String> read(Cursor document) {
        Map<String, String> values = new HashMap<>();
        Optional<Cursor> server = document.at(KEY).filter(at -> at.mustBeMapping("a mapping of settings"));
        if (server.isEmpty()) {
            return values;
        }
        List<String> known = new ArrayList<>(ServerSetting.keysIn(""));
        known.addAll(BLOCKS);
        server.get().onlyKnown(known);
        read(server.get(), "", values);
        for (String block : BLOCKS) {
            Optional<Cursor> at = server.get().at(block).filter(found -> found.mustBeMapping("a mapping of settings"));
            at.ifPresent(found -> found.onlyKnown(ServerSetting.keysIn(block)));
            at.ifPresent(found -> read(found, block + ".", values));
        }
        return values;
    }

    /**
     * The keys whose values differ, in the order of the settings.
     *
     * @param before values by {@link ServerSetting#settingName()}, as {@link #read} gives them
     */
    static List<String> differing(Map<String, String> before, Map<String, String> after) {
        return Arrays.stream(ServerSetting.values())
                .filter(setting -> !Objects.equals(before.get(setting.settingName()), after.get(setting.settingName())))
                .map(ServerSetting::key)
                .toList();
    }

    private static void read(Cursor block, String prefix, Map<String, String> values) {
        for (String key : block.fields().keySet()) {
            Optional<ServerSetting> setting = ServerSetting.withKey(prefix + key);
            Optional<Cursor> at = block.at(key);
            if (setting.isPresent() && at.isPresent()) {
                value(setting.get(), at.get())
                        .ifPresent(text -> values.put(setting.get().settingName(), text));
            }
        }
    }

    /** What is written here as value of the setting; empty where it is no good one, which the report then says. */
    static Optional<String> value(ServerSetting setting, Cursor at) {
        Optional<String> text = written(setting, at);
        Optional<String> complaint = text.flatMap(setting::complaint);
        complaint.ifPresent(at::problem);
        return complaint.isPresent() ? Optional.empty() : text;
    }

    /** A list may also be written as one. */
    private static Optional<String> written(ServerSetting setting, Cursor at) {
        if (setting.kind() != ServerSetting.Kind.LIST || !(at.tree() instanceof Tree.Items)) {
            return at.text().map(String::strip);
        }
        return Optional.of(at.items().stream()
                .flatMap(item -> item.text().map(String::strip).stream())
                .collect(Collectors.joining(",")));
    }
}
