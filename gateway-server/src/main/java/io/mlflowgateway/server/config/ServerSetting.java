package io.mlflowgateway.server.config;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How the server runs: every setting there is, once. Flags, variables, keys of the file, the JSON schema and the docs
 * are made from this table.
 */
public enum ServerSetting {
    HOST("host", "host", Kind.TEXT, "127.0.0.1", 1, 255, "Address to listen on."),
    PORT("port", "port", Kind.COUNT, "5000", 0, 65_535, "Port to listen on; 0 takes any free one."),
    WORKERS("workers", "workers", Kind.COUNT, "0", 0, 1_024, "Event-loop threads; 0 takes one per processor."),
    ALLOWED_HOSTS(
            "allowed-hosts",
            "allowed-hosts",
            Kind.LIST,
            "",
            0,
            64,
            "Names beside the loopback ones that requests may be addressed to, without port; none: only loopback names"
                    + " on a loopback address, any name elsewhere."),
    ALLOW_UNAUTHENTICATED(
            "allow-unauthenticated",
            "allow-unauthenticated",
            Kind.SWITCH,
            "false",
            0,
            1,
            "Listen where other machines can reach the gateway, although callers are not asked who they are."),
    DRAIN_DELAY(
            "drain-delay",
            "drain-delay",
            Kind.DURATION,
            "0s",
            0,
            3_600_000,
            "At shutdown, how long the gateway says it is not ready and still serves, before it stops accepting."),
    LOG_FORMAT("log-format", "log.format", List.of("plain", "json"), "Lines for people, or one JSON object a line."),
    LOG_LEVEL("log-level", "log.level", List.of("info", "debug", "warn", "error"), "The least that is logged."),
    ACCESS_LOG("access-log", "log.access", Kind.SWITCH, "true", 0, 1, "Whether each request is logged."),
    CONNECT_TIMEOUT("connect", "5s", 1, "To connect to an upstream, name look-up included."),
    TLS_HANDSHAKE_TIMEOUT("tls-handshake", "5s", 1, "For the TLS handshake with an upstream."),
    FIRST_BYTE_TIMEOUT(
            "first-byte",
            "300s",
            1,
            "From the end of the request to the answer's head, and to the end of a whole answer."),
    STREAM_IDLE_TIMEOUT("stream-idle", "120s", 1, "Between two reads of a stream whose caller is ready for more."),
    TOTAL_TIMEOUT("total", "600s", 1, "For one exchange from beginning to end."),
    STREAM_TIMEOUT("stream", "24h", 1, "For one exchange that streams, where that is less than the total."),
    REQUEST_HEAD_TIMEOUT("request-head", "10s", 1, "For a caller's whole request head."),
    REQUEST_BODY_TIMEOUT("request-body", "30s", 1, "For a caller's whole request body."),
    KEEP_ALIVE_TIMEOUT("keep-alive", "75s", 1, "For the next request on an idle connection of a caller."),
    WRITE_IDLE_TIMEOUT("write-idle", "60s", 1, "For a caller to take anything of what is being sent to it."),
    DRAIN_TIMEOUT("drain", "30s", 0, "For running exchanges to end at shutdown."),
    REQUEST_BODY_LIMIT("request-body", Kind.SIZE, "10MiB", 1, 1L << 30, "Of a caller's body."),
    RESPONSE_BODY_LIMIT(
            "response-body",
            Kind.SIZE,
            "16MiB",
            1,
            1L << 30,
            "Of a whole upstream answer, decompressed, and of one event."),
    STREAM_EVENTS_LIMIT(
            "stream-events",
            Kind.COUNT,
            "1000000",
            1,
            1L << 40,
            "Events of a stream that are passed on, its end included."),
    STREAM_BYTES_LIMIT("stream-bytes", Kind.SIZE, "1GiB", 1, 1L << 40, "Of all events of a stream that are passed on."),
    REQUEST_HEAD_LIMIT("request-head", Kind.SIZE, "32KiB", 256, 16L << 20, "Of a caller's request head."),
    REQUEST_HEADERS_LIMIT("request-headers", Kind.COUNT, "100", 1, 10_000, "Headers of a request."),
    URL_LIMIT("url", Kind.SIZE, "8KiB", 64, 1L << 20, "Of the target in a caller's request line."),
    CONNECTIONS_LIMIT("connections", Kind.COUNT, "10000", 1, 1_000_000, "Open from callers at once."),
    CONNECTIONS_PER_ADDRESS_LIMIT(
            "connections-per-address",
            Kind.COUNT,
            "0",
            0,
            1_000_000,
            "Open from one caller's address at once; 0 is no limit of its own."),
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
        TEXT("a text"),
        /** Texts with commas between them; in the file also a list. */
        LIST("a list of names"),
        /** {@code true} or {@code false}; a flag alone is true. */
        SWITCH("true or false"),
        /** One of a few words. */
        CHOICE("one of");

        private final String form;

        Kind(String form) {
            this.form = form;
        }
    }

    /** As it stands in a Host header, without port. */
    private static final Pattern HOST_NAME = Pattern.compile("[A-Za-z0-9._-]{1,253}|\\[[0-9A-Fa-f:.]+]");

    private static final long LONGEST_WAIT_MILLIS = 24L * 3_600_000;

    private final String name;
    private final String key;
    private final Kind kind;
    private final String defaultValue;
    private final long least;
    private final long most;
    private final String description;
    private final List<String> choices;

    ServerSetting(String name, String key, Kind kind, String defaultValue, long least, long most, String description) {
        this(name, key, kind, defaultValue, least, most, description, List.of());
    }

    /** The first choice is the default. */
    ServerSetting(String name, String key, List<String> choices, String description) {
        this(name, key, Kind.CHOICE, choices.get(0), 0, choices.size() - 1L, description, choices);
    }

    ServerSetting(
            String name,
            String key,
            Kind kind,
            String defaultValue,
            long least,
            long most,
            String description,
            List<String> choices) {
        this.name = name;
        this.key = key;
        this.kind = kind;
        this.defaultValue = defaultValue;
        this.least = least;
        this.most = most;
        this.description = description;
        this.choices = choices;
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

    /** Whether a route may say otherwise, in a block of its own of the same name and key. */
    public boolean perRoute() {
        return switch (this) {
            case CONNECT_TIMEOUT,
                    TLS_HANDSHAKE_TIMEOUT,
                    FIRST_BYTE_TIMEOUT,
                    STREAM_IDLE_TIMEOUT,
                    TOTAL_TIMEOUT,
                    STREAM_TIMEOUT,
                    RESPONSE_BODY_LIMIT,
                    STREAM_EVENTS_LIMIT,
                    STREAM_BYTES_LIMIT,
                    UPSTREAM_CONNECTIONS_LIMIT -> true;
            default -> false;
        };
    }

    /** As a user would write it. */
    public String defaultValue() {
        return defaultValue;
    }

    /** What a {@link Kind#CHOICE} may be; empty for every other kind. */
    public List<String> choices() {
        return choices;
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

    /** Those of {@link #keysIn} that may also stand in a route's block of this name. */
    static List<String> keysOfRoutes(String block) {
        return keysIn(block).stream()
                .filter(key -> withKey(block + "." + key)
                        .filter(ServerSetting::perRoute)
                        .isPresent())
                .toList();
    }

    /** What is wrong with the text as a value of this setting, and what would do; empty when it is good. */
    Optional<String> complaint(String text) {
        Optional<Long> amount = amount(text).filter(found -> found >= least && found <= most);
        return amount.isPresent()
                ? Optional.empty()
                : Optional.of("must be " + kind.form + bounds() + ", found " + Shown.value(text));
    }

    /**
     * The value as number: milliseconds, bytes, a count, 1 for true, the place among the choices; for a text its length,
     * for a list how many. Fails unless checked before.
     */
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
            case LIST ->
                Optional.of(items(text))
                        .filter(items -> items.stream()
                                .allMatch(item -> HOST_NAME.matcher(item).matches()))
                        .map(items -> (long) items.size());
            case SWITCH -> place(List.of("false", "true"), text);
            case CHOICE -> place(choices, text);
        };
    }

    private static Optional<Long> place(List<String> words, String text) {
        return Optional.of((long) words.indexOf(text.toLowerCase(Locale.ROOT))).filter(place -> place >= 0);
    }

    /** The texts of a {@link Kind#LIST}, without the blanks around them. */
    static List<String> items(String text) {
        return Arrays.stream(text.split(",", -1))
                .map(String::strip)
                .filter(item -> !item.isEmpty())
                .toList();
    }

    private String bounds() {
        return switch (kind) {
            case DURATION -> " from " + least + "ms to " + most / 3_600_000 + "h";
            case SIZE -> " from " + least + " to " + most + " bytes";
            case COUNT -> " from " + least + " to " + most;
            case TEXT -> " of " + least + " to " + most + " characters without spaces";
            case LIST -> " such as gateway.example.com, at most " + most + " of them";
            case SWITCH -> "";
            case CHOICE -> " " + String.join(", ", choices);
        };
    }
}
