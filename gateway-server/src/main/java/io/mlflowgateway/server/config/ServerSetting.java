package io.mlflowgateway.server.config;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * How the server runs: every setting there is, once. Flags, variables, keys of the file, the JSON schema and the docs
 * are made from this table.
 */
public enum ServerSetting {
    HOST("host", "host", Kind.TEXT, "127.0.0.1", 1, 255, "Address to listen on."),
    PORT("port", "port", Kind.COUNT, "5000", 0, 65_535, "Port to listen on; 0 takes any free one."),
    WORKERS("workers", "workers", Kind.COUNT, "0", 0, 1_024, "Event-loop threads; 0 takes one per processor."),
    CONNECT_TIMEOUT("connect", "5s", 1, "To connect to an upstream, name look-up included."),
    TLS_HANDSHAKE_TIMEOUT("tls-handshake", "5s", 1, "For the TLS handshake with an upstream."),
    FIRST_BYTE_TIMEOUT(
            "first-byte",
            "300s",
            1,
            "From the end of the request to the answer's head, and to the end of a whole answer."),
    STREAM_IDLE_TIMEOUT("stream-idle", "120s", 1, "Between two reads of a stream whose caller is ready for more."),
    TOTAL_TIMEOUT("total", "600s", 1, "For one exchange from beginning to end."),
    REQUEST_HEAD_TIMEOUT("request-head", "10s", 1, "For a caller's whole request head."),
    REQUEST_BODY_TIMEOUT("request-body", "30s", 1, "For a caller's whole request body."),
    DRAIN_TIMEOUT("drain", "30s", 0, "For running exchanges to end at shutdown."),
    REQUEST_BODY_LIMIT("request-body", Kind.SIZE, "10MiB", 1, 1L << 30, "Of a caller's body."),
    RESPONSE_BODY_LIMIT(
            "response-body",
            Kind.SIZE,
            "16MiB",
            1,
            1L << 30,
            "Of a whole upstream answer, decompressed, and of one event."),
    REQUEST_HEAD_LIMIT("request-head", Kind.SIZE, "32KiB", 256, 16L << 20, "Of a caller's request head."),
    URL_LIMIT("url", Kind.SIZE, "8KiB", 64, 1L << 20, "Of the target in a caller's request line."),
    CONNECTIONS_LIMIT("connections", Kind.COUNT, "10000", 1, 1_000_000, "Open from callers at once."),
    UPSTREAM_CONNECTIONS_LIMIT(
            "upstream-connections", Kind.COUNT, "5000", 1, 1_000_000, "Open to one upstream at once.");

    /** How a value is written. */
    public enum Kind {
        /** A number with {@code ms}, {@code s}, {@code m} or {@code h}. */
        DURATION("a time such as 500ms, 5s or 2m"),
        /** A number with {@code KiB}, {@code MiB} or {@code GiB}, or of bytes. */
        SIZE("a size such as 32KiB or 10MiB"),
        /** A whole number. */
        COUNT("a whole number"),
        /** As it stands. */
        TEXT("a text");

        private final String form;

        Kind(String form) {
            this.form = form;
        }
    }

    private static final long LONGEST_WAIT_MILLIS = 24L * 3_600_000;

    private final String name;
    private final String key;
    private final Kind kind;
    private final String defaultValue;
    private final long least;
    private final long most;
    private final String description;

    ServerSetting(String name, String key, Kind kind, String defaultValue, long least, long most, String description) {
        this.name = name;
        this.key = key;
        this.kind = kind;
        this.defaultValue = defaultValue;
        this.least = least;
        this.most = most;
        this.description = description;
    }

    ServerSetting(String timer, String defaultValue, long leastMillis, String description) {
        this(
                timer + "-timeout",
                "timeouts." + timer,
                Kind.DURATION,
                defaultValue,
                leastMillis,
                LONGEST_WAIT_MILLIS,
                description);
    }

    ServerSetting(String size, Kind kind, String defaultValue, long least, long most, String description) {
        this(size + "-limit", "limits." + size, kind, defaultValue, least, most, description);
    }

    /** Unique, for example {@code first-byte-timeout}. */
    public String settingName() {
        return name;
    }

    /** For example {@code --first-byte-timeout}. */
    public String flag() {
        return "--" + name;
    }

    /** For example {@code GATEWAY_FIRST_BYTE_TIMEOUT}. */
    public String variable() {
        return "GATEWAY_" + name.toUpperCase(Locale.ROOT).replace('-', '_');
    }

    /** MLflow's variable for the same, which holds whole seconds; asked after {@link #variable()}. */
    public Optional<String> secondsVariable() {
        return this == TOTAL_TIMEOUT ? Optional.of("MLFLOW_GATEWAY_ROUTE_TIMEOUT_SECONDS") : Optional.empty();
    }

    /** Dotted path below {@code server:}, for example {@code timeouts.first-byte}. */
    public String key() {
        return key;
    }

    public Kind kind() {
        return kind;
    }

    /** As a user would write it. */
    public String defaultValue() {
        return defaultValue;
    }

    /** One sentence. */
    public String description() {
        return description;
    }

    /** The setting of this name. */
    static Optional<ServerSetting> named(String name) {
        return Arrays.stream(values())
                .filter(setting -> setting.name.equals(name))
                .findFirst();
    }

    /** The setting with this path below {@code server:}. */
    static Optional<ServerSetting> withKey(String key) {
        return Arrays.stream(values())
                .filter(setting -> setting.key.equals(key))
                .findFirst();
    }

    /** The names of the keys that stand in a block below {@code server:}; the empty block is {@code server:} itself. */
    static List<String> keysIn(String block) {
        String prefix = block.isEmpty() ? "" : block + ".";
        return Arrays.stream(values())
                .map(ServerSetting::key)
                .filter(key -> key.startsWith(prefix))
                .map(key -> key.substring(prefix.length()))
                .filter(key -> !key.contains("."))
                .toList();
    }

    /** What is wrong with the text as a value of this setting, and what would do; empty when it is good. */
    Optional<String> complaint(String text) {
        Optional<Long> amount = amount(text).filter(found -> found >= least && found <= most);
        return amount.isPresent()
                ? Optional.empty()
                : Optional.of("must be " + kind.form + bounds() + ", found " + Shown.value(text));
    }

    /** The value as number: milliseconds, bytes, a count; for a text its length. Fails unless checked before. */
    long number(String text) {
        return amount(text).orElseThrow(() -> new IllegalArgumentException(name + " was not checked"));
    }

    private Optional<Long> amount(String text) {
        return switch (kind) {
            case DURATION -> Amount.millis(text);
            case SIZE -> Amount.bytes(text);
            case COUNT -> Amount.count(text);
            case TEXT ->
                Optional.of(text)
                        .filter(found ->
                                found.chars().noneMatch(c -> Character.isWhitespace(c) || Character.isISOControl(c)))
                        .map(found -> (long) found.length());
        };
    }

    private String bounds() {
        return switch (kind) {
            case DURATION -> " from " + least + "ms to " + most / 3_600_000 + "h";
            case SIZE -> " from " + least + " to " + most + " bytes";
            case COUNT -> " from " + least + " to " + most;
            case TEXT -> " of " + least + " to " + most + " characters without spaces";
        };
    }
}
