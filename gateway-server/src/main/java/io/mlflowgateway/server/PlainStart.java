package io.mlflowgateway.server;

import io.mlflowgateway.server.config.ServerSetting;
import java.io.PrintWriter;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Understands the command line that nearly every start has: {@code start}, then flags that are known, each once, each
 * followed by its value. The command line's library takes a tenth of a second, for the JVM can neither archive its classes
 * nor check them fast; so all else, and every mistake, is left to it.
 */
final class PlainStart {
    private PlainStart() {}

    /** Empty when the arguments are not as plain as that. */
    static Optional<Start> of(String[] arguments, Map<String, String> environment, PrintWriter out, PrintWriter err) {
        if (arguments.length % 2 == 0 || !arguments[0].equals("start")) {
            return Optional.empty();
        }
        Map<String, ServerSetting> known = new HashMap<>();
        for (ServerSetting setting : ServerSetting.values()) {
            known.put(setting.flag(), setting);
        }
        Optional<Path> path = Optional.empty();
        Map<String, String> given = new HashMap<>();
        for (int at = 1; at < arguments.length; at += 2) {
            String flag = arguments[at];
            String value = arguments[at + 1];
            ServerSetting setting = known.remove(flag);
            if (value.isBlank() || "-@\"'".indexOf(value.charAt(0)) >= 0) {
                return Optional.empty();
            } else if (setting != null) {
                given.put(setting.settingName(), value);
            } else if (flag.equals(ConfigFile.FLAG) && path.isEmpty()) {
                path = path(value);
                if (path.isEmpty()) {
                    return Optional.empty();
                }
            } else {
                return Optional.empty();
            }
        }
        ConfigFile file = new ConfigFile(environment, path);
        return Optional.of(new Start(file, given, out, err));
    }

    private static Optional<Path> path(String value) {
        try {
            return Optional.of(Path.of(value));
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }
}
