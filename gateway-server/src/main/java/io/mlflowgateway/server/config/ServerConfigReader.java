package io.mlflowgateway.server.config;

import io.mlflowgateway.server.query.StreamCaps;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Settles how the server runs: a flag wins over its variable, that over the file's {@code server:} block, that over the
 * default. A variable that is set but empty counts as not set.
 */
public final class ServerConfigReader {
    private static final Pattern SETTING_LOOKING =
            Pattern.compile("GATEWAY_[A-Z0-9_]+_(TIMEOUT|LIMIT)|GATEWAY_(LOG|ALLOW|DRAIN)_[A-Z0-9_]+");
    private static final Pattern SECONDS = Pattern.compile("\\d{1,9}");

    private final Map<String, String> environment;
    private final int processors;

    /** @param processors how many workers "one per processor" is */
    public ServerConfigReader(Map<String, String> environment, int processors) {
        this.environment = new TreeMap<>(environment);
        this.processors = Math.max(1, processors);
    }

    /**
     * The settings in force.
     *
     * @param flags what the command line gives, by {@link ServerSetting#settingName()}
     * @param file {@link GatewayConfig#server()}, empty without a file
     * @throws InvalidConfig with every wrong value; the place is the flag or the variable
     */
    public ServerSettings read(Map<String, String> flags, Map<String, String> file) throws InvalidConfig {
        Problems problems = new Problems();
        Map<ServerSetting, EffectiveSetting> settled = new EnumMap<>(ServerSetting.class);
        for (ServerSetting setting : ServerSetting.values()) {
            EffectiveSetting effective = settle(setting, flags, file);
            setting.complaint(effective.value())
                    .ifPresent(complaint -> problems.add(effective.origin(), setting.settingName(), complaint));
            settled.put(setting, effective);
        }
        if (!problems.isEmpty()) {
            throw new InvalidConfig(problems.all());
        }
        return new ServerSettings(config(settled), List.copyOf(settled.values()), unknownVariables());
    }

    private EffectiveSetting settle(ServerSetting setting, Map<String, String> flags, Map<String, String> file) {
        String name = setting.settingName();
        return value(setting, Optional.ofNullable(flags.get(name)), setting.flag())
                .or(() -> value(setting, variable(setting.variable()), setting.variable()))
                .or(() -> setting.secondsVariable()
                        .flatMap(variable ->
                                value(setting, variable(variable).map(ServerConfigReader::withUnit), variable)))
                .or(() -> value(setting, Optional.ofNullable(file.get(name)), "server." + setting.key()))
                .orElseGet(() -> new EffectiveSetting(setting, setting.defaultValue(), EffectiveSetting.DEFAULT));
    }

    private static Optional<EffectiveSetting> value(ServerSetting setting, Optional<String> text, String origin) {
        return text.map(String::strip)
                .filter(found -> !found.isEmpty())
                .map(found -> new EffectiveSetting(setting, found, origin));
    }

    private Optional<String> variable(String name) {
        return Optional.ofNullable(environment.get(name));
    }

    /** MLflow's variable holds seconds and no unit; anything else is left to be complained of. */
    private static String withUnit(String text) {
        String stripped = text.strip();
        return SECONDS.matcher(stripped).matches() ? stripped + "s" : stripped;
    }

    private List<String> unknownVariables() {
        List<String> known = Arrays.stream(ServerSetting.values())
                .map(ServerSetting::variable)
                .toList();
        return environment.keySet().stream()
                .filter(name -> SETTING_LOOKING.matcher(name).matches() && !known.contains(name))
                .map(name -> "the environment variable " + name + " is no setting" + Shown.didYouMean(name, known))
                .toList();
    }

    private ServerConfig config(Map<ServerSetting, EffectiveSetting> settled) {
        int workers = number(settled, ServerSetting.WORKERS);
        return new ServerConfig(
                text(settled, ServerSetting.HOST),
                number(settled, ServerSetting.PORT),
                workers == 0 ? processors : workers,
                Set.copyOf(ServerSetting.items(text(settled, ServerSetting.ALLOWED_HOSTS))),
                isOn(settled, ServerSetting.ALLOW_UNAUTHENTICATED),
                timeouts(settled),
                limits(settled),
                upstream(settled),
                streams(settled),
                log(settled));
    }

    private static Timeouts timeouts(Map<ServerSetting, EffectiveSetting> settled) {
        return new Timeouts(
                duration(settled, ServerSetting.REQUEST_HEAD_TIMEOUT),
                duration(settled, ServerSetting.REQUEST_BODY_TIMEOUT),
                duration(settled, ServerSetting.KEEP_ALIVE_TIMEOUT),
                duration(settled, ServerSetting.WRITE_IDLE_TIMEOUT),
                duration(settled, ServerSetting.DRAIN_DELAY),
                duration(settled, ServerSetting.DRAIN_TIMEOUT));
    }

    private static Limits limits(Map<ServerSetting, EffectiveSetting> settled) {
        return new Limits(
                number(settled, ServerSetting.REQUEST_BODY_LIMIT),
                number(settled, ServerSetting.REQUEST_HEAD_LIMIT),
                number(settled, ServerSetting.REQUEST_HEADERS_LIMIT),
                number(settled, ServerSetting.URL_LIMIT),
                number(settled, ServerSetting.CONNECTIONS_LIMIT),
                number(settled, ServerSetting.CONNECTIONS_PER_ADDRESS_LIMIT));
    }

    private static UpstreamSettings upstream(Map<ServerSetting, EffectiveSetting> settled) {
        return new UpstreamSettings(
                duration(settled, ServerSetting.CONNECT_TIMEOUT),
                duration(settled, ServerSetting.TLS_HANDSHAKE_TIMEOUT),
                duration(settled, ServerSetting.FIRST_BYTE_TIMEOUT),
                duration(settled, ServerSetting.STREAM_IDLE_TIMEOUT),
                duration(settled, ServerSetting.TOTAL_TIMEOUT),
                number(settled, ServerSetting.RESPONSE_BODY_LIMIT),
                number(settled, ServerSetting.UPSTREAM_CONNECTIONS_LIMIT));
    }

    private static StreamCaps streams(Map<ServerSetting, EffectiveSetting> settled) {
        return new StreamCaps(
                duration(settled, ServerSetting.STREAM_TIMEOUT),
                amount(settled, ServerSetting.STREAM_EVENTS_LIMIT),
                amount(settled, ServerSetting.STREAM_BYTES_LIMIT));
    }

    private static LogSettings log(Map<ServerSetting, EffectiveSetting> settled) {
        return new LogSettings(
                text(settled, ServerSetting.LOG_FORMAT).equalsIgnoreCase("json"),
                text(settled, ServerSetting.LOG_LEVEL).toLowerCase(Locale.ROOT),
                isOn(settled, ServerSetting.ACCESS_LOG));
    }

    private static String text(Map<ServerSetting, EffectiveSetting> settled, ServerSetting setting) {
        return effective(settled, setting).value();
    }

    private static boolean isOn(Map<ServerSetting, EffectiveSetting> settled, ServerSetting setting) {
        return number(settled, setting) == 1;
    }

    private static Duration duration(Map<ServerSetting, EffectiveSetting> settled, ServerSetting setting) {
        return Duration.ofMillis(setting.number(effective(settled, setting).value()));
    }

    private static int number(Map<ServerSetting, EffectiveSetting> settled, ServerSetting setting) {
        return Math.toIntExact(amount(settled, setting));
    }

    private static long amount(Map<ServerSetting, EffectiveSetting> settled, ServerSetting setting) {
        return setting.number(effective(settled, setting).value());
    }

    private static EffectiveSetting effective(Map<ServerSetting, EffectiveSetting> settled, ServerSetting setting) {
        return settled.getOrDefault(
                setting, new EffectiveSetting(setting, setting.defaultValue(), EffectiveSetting.DEFAULT));
    }
}
