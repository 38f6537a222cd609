package io.mlflowgateway.server.config;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads what a route says of itself that the {@code server:} block says for all: {@code timeouts:} and {@code limits:}
 * with the settings that are {@link ServerSetting#perRoute()}.
 */
final class RouteSettingsReader {
    static final String TIMEOUTS = "timeouts";
    static final String LIMITS = "limits";
    private static final List<String> OF_RATE_LIMITS = List.of("calls", "renewal_period");

    private RouteSettingsReader() {}

    /** The entry's values, each checked; what is wrong is in the report. */
    static Map<ServerSetting, String> read(Cursor entry) {
        Map<ServerSetting, String> values = new EnumMap<>(ServerSetting.class);
        for (String block : List.of(TIMEOUTS, LIMITS)) {
            Optional<Cursor> at = entry.at(block).filter(found -> found.mustBeMapping("a mapping of settings"));
            at.ifPresent(found -> read(found, block, values));
        }
        return values;
    }

    private static void read(Cursor block, String name, Map<ServerSetting, String> values) {
        List<String> known = ServerSetting.keysOfRoutes(name);
        warnOfOthers(block, name, known);
        for (String key : known) {
            ServerSetting.withKey(name + "." + key).ifPresent(setting -> put(setting, block.at(key), values));
        }
    }

    private static void put(ServerSetting setting, Optional<Cursor> at, Map<ServerSetting, String> values) {
        at.flatMap(found -> ServerBlock.value(setting, found)).ifPresent(text -> values.put(setting, text));
    }

    /** Warns of all other keys, and of those that stand somewhere else with where that is. */
    private static void warnOfOthers(Cursor block, String name, List<String> known) {
        List<String> spokenOf = new ArrayList<>(known);
        for (String key : block.fields().keySet()) {
            String elsewhere = elsewhere(name, key);
            if (!known.contains(key) && !elsewhere.isEmpty()) {
                block.at(key).ifPresent(at -> at.warning("is ignored here; " + elsewhere));
                spokenOf.add(key);
            }
        }
        block.onlyKnown(spokenOf);
    }

    private static String elsewhere(String block, String key) {
        if (ServerSetting.withKey(block + "." + key).isPresent()) {
            return "it is a setting of the server as a whole: " + ServerBlock.KEY + "." + block + "." + key;
        }
        return block.equals(LIMITS) && OF_RATE_LIMITS.contains(key) ? "a route's rate limit stands under limit:" : "";
    }
}
