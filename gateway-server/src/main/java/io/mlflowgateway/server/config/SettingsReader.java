package io.mlflowgateway.server.config;

import io.mlflowgateway.server.secret.Secret;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads a provider's {@code config:} block by the keys its {@link ProviderSpec} lists. */
final class SettingsReader {
    private static final Pattern URL = Pattern.compile(
            "(?i)https?://(?:\\[[0-9a-f:.]+]|[a-z0-9._-]+)(?::(\\d{1,5}))?(?:/[^\\s?#\\\\\\p{Cntrl}]*)?");
    private static final int MAX_PORT = 65_535;

    private final SecretSource secrets;
    private final KeyFileReader keyFiles;

    SettingsReader(SecretSource secrets) {
        this.secrets = secrets;
        this.keyFiles = new KeyFileReader(secrets);
    }

    /**
     * The settings, defaults filled in; what is wrong is in the report.
     *
     * @param model the {@code model:} block
     * @param credential what the block's {@code credential} names, as far as it is good
     */
    Settings read(ProviderSpec spec, Cursor model, Optional<NamedCredentials.Entry> credential) {
        Optional<Cursor> config = model.at("config").filter(block -> block.mustBeMapping("a mapping of settings"));
        Optional<Cursor> keyFile = spec.keyFileKey().flatMap(key -> config.flatMap(block -> written(key, block)));
        Optional<SettingKey> replaced =
                spec.credentialKey().filter(key -> model.has(TargetReader.CREDENTIAL) || keyFile.isPresent());
        String beside = "stands beside " + (model.has(TargetReader.CREDENTIAL) ? TargetReader.CREDENTIAL : "a key file")
                + "; give one of them";
        replaced.flatMap(key -> config.flatMap(block -> written(key, block))).ifPresent(at -> at.problem(beside));
        keyFile.filter(at -> model.has(TargetReader.CREDENTIAL)).ifPresent(at -> at.problem(beside));
        List<SettingKey> keys = spec.settings().stream()
                .filter(key -> !replaced.equals(Optional.of(key)))
                .toList();
        String needs = "provider '" + spec.name() + "' needs it";
        Cursor block = config.orElseGet(() -> model.empty("config"));
        Settings read = read(keys, block, needs);
        Settings found = spec.credentials().contains(CredentialType.AWS)
                ? new AwsSettings(read, block, AwsSettings.BLOCK, secrets).ofTarget(replaced.isPresent())
                : read;
        config.ifPresent(here -> onlyKnown(
                here,
                spec.settings().stream().flatMap(key -> key.names().stream()).toList()));
        spec.rules().forEach(rule -> check(rule, found.texts(), config.orElse(model)));
        Optional<TokenSource> account = keyFile.flatMap(at -> keyFiles.read(at, KeyFileReader.CLOUD_PLATFORM));
        Settings own = account.isEmpty() ? found : new Settings(found.texts(), found.secrets(), account);
        return replaced.flatMap(key -> credential.map(entry -> with(own, key, entry)))
                .orElse(own);
    }

    /** Warns of every key that is none of these, also below dots; a block of settings that is no mapping is a problem. */
    private static void onlyKnown(Cursor block, List<String> names) {
        Map<String, List<String>> below = new LinkedHashMap<>();
        for (String name : names) {
            int dot = name.indexOf('.');
            List<String> inner =
                    below.computeIfAbsent(dot < 0 ? name : name.substring(0, dot), first -> new ArrayList<>());
            if (dot >= 0) {
                inner.add(name.substring(dot + 1));
            }
        }
        Map<String, String> deeper = new HashMap<>();
        below.forEach((name, inner) -> inner.forEach(key -> deeper.putIfAbsent(key, name)));
        block.onlyKnown(below.keySet(), deeper);
        below.forEach((name, inner) -> block.at(name)
                .filter(at -> !inner.isEmpty() && at.mustBeMapping("a mapping of settings"))
                .ifPresent(at -> onlyKnown(at, inner)));
    }

    private static Settings with(Settings found, SettingKey key, NamedCredentials.Entry credential) {
        return credential
                .value()
                .map(secret -> found.with(key.name(), secret))
                .orElseGet(() -> new Settings(found.texts(), found.secrets(), credential.tokens()));
    }

    /**
     * The values of these keys, defaults filled in; what is wrong is in the report.
     *
     * @param needs who misses a required key
     */
    Settings read(List<SettingKey> keys, Cursor block, String needs) {
        Map<String, String> texts = new HashMap<>();
        Map<String, Secret> found = new HashMap<>();
        for (SettingKey key : keys) {
            if (key.kind() == SettingKey.Kind.KEY_FILE) {
                continue;
            }
            Optional<Cursor> at = written(key, block);
            if (at.isEmpty() && key.required()) {
                block.missing(key.name(), "is missing; " + needs + ": " + key.description());
            }
            if (key.kind() == SettingKey.Kind.SECRET) {
                at.flatMap(secrets::read).ifPresent(secret -> found.put(key.name(), secret));
            } else {
                at.map(here -> text(key, here))
                        .orElse(Optional.of(key.defaultValue()).filter(value -> !value.isEmpty()))
                        .ifPresent(text -> texts.put(key.name(), text));
            }
        }
        return new Settings(texts, found);
    }

    /** What is written for the key, by whatever name. */
    private static Optional<Cursor> written(SettingKey key, Cursor config) {
        List<Cursor> found =
                key.names().stream().flatMap(name -> config.find(name).stream()).toList();
        found.stream()
                .skip(1)
                .forEach(other ->
                        other.problem("says the same as " + found.get(0).path()));
        return found.stream().findFirst();
    }

    private static void check(SettingRule rule, Map<String, String> texts, Cursor config) {
        String value = texts.getOrDefault(rule.key(), "");
        if (!rule.values().contains(value)) {
            return;
        }
        String because = " where " + rule.key() + " is " + value;
        rule.needed().stream()
                .filter(key -> config.find(key).isEmpty())
                .forEach(key -> config.missing(key, "is missing; it is needed" + because));
        rule.refused().stream()
                .flatMap(key -> config.find(key).stream())
                .forEach(at -> at.problem("cannot be used" + because));
    }

    private static Optional<String> text(SettingKey key, Cursor at) {
        return switch (key.kind()) {
            case FLAG -> Scalars.flag(at).map(String::valueOf);
            case NAMES -> ParameterNames.read(at);
            case HEADER -> HeaderName.read(at);
            case TEXT, URL, SECRET, KEY_FILE -> line(key, at);
        };
    }

    private static Optional<String> line(SettingKey key, Cursor at) {
        Optional<String> text = at.text().map(String::strip);
        if (text.isPresent() && text.get().chars().anyMatch(Character::isISOControl)) {
            at.problem("has a line break or another control character inside");
            return Optional.empty();
        }
        if (key.kind() == SettingKey.Kind.URL) {
            return text.flatMap(url -> url(url, at));
        }
        boolean mayBeVariable = key.name().equals(CredentialType.Keys.KEY_FILE);
        if (text.isPresent() && text.get().startsWith("$") && !mayBeVariable) {
            at.warning("begins with '$' and is taken as it stands: only keys come from the environment");
        }
        return key.choices().isEmpty() ? text : text.flatMap(value -> choice(key, value, at));
    }

    /** In the spelling of the list. */
    private static Optional<String> choice(SettingKey key, String value, Cursor at) {
        Optional<String> chosen =
                key.choices().stream().filter(value::equalsIgnoreCase).findFirst();
        if (chosen.isEmpty()) {
            at.problem("must be one of " + String.join(", ", key.choices()) + ", found " + Shown.value(value));
        }
        return chosen;
    }

    /** Quotes nothing: a URL may carry a password or a key. */
    static Optional<String> url(String url, Cursor at) {
        Matcher matcher = URL.matcher(url);
        Optional<String> port = matcher.matches() ? Optional.ofNullable(matcher.group(1)) : Optional.empty();
        if (!matcher.matches() || port.filter(SettingsReader::noPort).isPresent()) {
            at.problem("must be an absolute http or https URL without user, query or fragment, found " + flaw(url)
                    + "; for example https://api.example.com/v1");
            return Optional.empty();
        }
        return Optional.of(url.replaceFirst("/+$", ""));
    }

    private static boolean noPort(String port) {
        int number = Integer.parseInt(port);
        return number < 1 || number > MAX_PORT;
    }

    private static String flaw(String url) {
        if (url.startsWith("$")) {
            return "'$': only keys are taken from the environment";
        }
        if (!url.matches("(?is)https?://.*")) {
            return "something that begins with neither http:// nor https://";
        }
        if (url.contains("@")) {
            return "an '@': credentials do not belong in a URL";
        }
        return url.matches("(?s).*[?#].*") ? "a query or a fragment" : "no valid host, port or path";
    }
}
