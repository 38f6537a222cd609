package io.mlflowgateway.server.config;

import io.mlflowgateway.server.config.SettingKey.Kind;
import io.mlflowgateway.server.secret.Credential;
import io.mlflowgateway.server.secret.Secret;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a configuration says of Amazon's credentials: keys, a profile, a role, or nothing, which is what the environment
 * has. The keys are MLflow's; they stand in a block of a target, or in a credential with a name.
 */
public final class AwsSettings {
    /** The block of a target, with its dot. */
    public static final String BLOCK = "aws_config.";

    public static final String REGION = BLOCK + Keys.REGION;
    public static final String ENDPOINT = BLOCK + "endpoint_url";
    /** A Bedrock API key: the one key that a static credential stands for. */
    public static final String BEARER = BLOCK + "aws_bearer_token";

    private static final Pattern A_REGION = Pattern.compile("[a-z0-9][a-z0-9-]{1,39}");
    private static final Pattern SESSION_NAME = Pattern.compile("[A-Za-z0-9_=,.@-]{2,64}");
    private static final Pattern SECONDS = Pattern.compile("[0-9]{1,6}");
    private static final int LEAST_SECONDS = 900;
    private static final int MOST_SECONDS = 43_200;
    private static final String USUAL_REGION = "us-east-1";

    /** Names without the block. */
    private static final class Keys {
        private static final String REGION = "aws_region";
        private static final String ID = "aws_access_key_id";
        private static final String SECRET = "aws_secret_access_key";
        private static final String SESSION = "aws_session_token";
        private static final String PROFILE = "profile";
        private static final String ROLE = "aws_role_arn";
        private static final String LENGTH = "session_length_seconds";
        private static final String SESSION_NAME = "role_session_name";
        private static final String EXTERNAL_ID = "external_id";
        private static final String STS = "sts_endpoint_url";
    }

    private final Settings found;
    private final Cursor at;
    private final String prefix;
    private final SecretSource environment;

    /**
     * @param found what was read
     * @param at where it was
     * @param prefix {@link #BLOCK}, or empty for a credential with a name
     */
    AwsSettings(Settings found, Cursor at, String prefix, SecretSource environment) {
        this.found = found;
        this.at = at;
        this.prefix = prefix;
        this.environment = environment;
    }

    /** The keys of a target. */
    public static List<SettingKey> keysOfTarget() {
        List<SettingKey> keys = new ArrayList<>(List.of(
                SettingKey.optional(
                        REGION,
                        Kind.TEXT,
                        "",
                        "Where the models are; AWS_REGION or AWS_DEFAULT_REGION where nothing is said."),
                SettingKey.optional(
                        ENDPOINT, Kind.URL, "", "Where the API is, where that is not the region's own place."),
                SettingKey.optional(
                        BEARER, Kind.SECRET, "", "A Bedrock API key, sent as a bearer token in place of signatures.")));
        keys.addAll(keys(BLOCK));
        return List.copyOf(keys);
    }

    /** The keys of a credential with a name. */
    static List<SettingKey> keysOfCredential() {
        List<SettingKey> keys = new ArrayList<>(keys(""));
        keys.add(SettingKey.optional(Keys.REGION, Kind.TEXT, USUAL_REGION, "Whose STS is asked for a role."));
        return List.copyOf(keys);
    }

    private static List<SettingKey> keys(String prefix) {
        return List.of(
                SettingKey.optional(prefix + Keys.ID, Kind.SECRET, "", "The id of a pair of keys that sign."),
                SettingKey.optional(prefix + Keys.SECRET, Kind.SECRET, "", "The secret one of the pair."),
                SettingKey.optional(prefix + Keys.SESSION, Kind.SECRET, "", "What belongs to keys for a while."),
                SettingKey.optional(
                        prefix + Keys.PROFILE, Kind.TEXT, "", "A profile of the files of Amazon's SDKs, by its name."),
                SettingKey.optional(prefix + Keys.ROLE, Kind.TEXT, "", "A role to assume, by what is found otherwise."),
                SettingKey.optional(prefix + Keys.LENGTH, Kind.TEXT, "900", "How long its keys are good, up to 43200."),
                SettingKey.optional(
                        prefix + Keys.SESSION_NAME, Kind.TEXT, "mlflow-gateway", "As whom the role is assumed."),
                SettingKey.optional(
                        prefix + Keys.EXTERNAL_ID, Kind.TEXT, "", "What the role's owner wants to be told."),
                SettingKey.optional(
                        prefix + Keys.STS, Kind.URL, "", "Where roles are assumed, in place of the region's STS."));
    }

    /** A target's settings with its region, and where its credentials come from; what is wrong is in the report. */
    Settings ofTarget(boolean named) {
        Optional<String> region = region();
        Settings settings = region.map(known -> found.with(REGION, known)).orElse(found);
        if (named) {
            written().forEach(other -> other.problem("stands beside credential; give one of them"));
            return settings;
        }
        Optional<Secret> bearer = found.secret(BEARER);
        if (bearer.isPresent() && written().findAny().isPresent()) {
            written().forEach(other -> other.problem("stands beside aws_bearer_token; give one of them"));
        }
        if (bearer.isPresent() || at.find(BEARER).isPresent()) {
            return settings;
        }
        Optional<Secret> ofEnvironment =
                environment.variable("AWS_BEARER_TOKEN_BEDROCK").map(Secret::new);
        if (ofEnvironment.isPresent() && written().findAny().isEmpty()) {
            return settings.with(BEARER, ofEnvironment.get());
        }
        return settings.from(source(region.orElse(USUAL_REGION)));
    }

    /** Where credentials with a name come from. */
    TokenSource ofCredential() {
        return source(checkedRegion().orElse(USUAL_REGION));
    }

    private Optional<String> region() {
        Optional<String> region = checkedRegion()
                .or(() -> environment.variable("AWS_REGION"))
                .or(() -> environment.variable("AWS_DEFAULT_REGION"))
                .filter(known -> A_REGION.matcher(known).matches());
        if (region.isEmpty() && at.find(REGION).isEmpty()) {
            at.missing(REGION, "is missing, and neither AWS_REGION nor AWS_DEFAULT_REGION is set");
        }
        return region;
    }

    private Optional<String> checkedRegion() {
        Optional<String> region = text(Keys.REGION);
        if (region.isPresent() && !A_REGION.matcher(region.get()).matches()) {
            problem(Keys.REGION, "is no region like us-east-1");
            return Optional.empty();
        }
        return region;
    }

    /** What says where credentials come from. */
    private Stream<Cursor> written() {
        return Stream.of(Keys.ID, Keys.SECRET, Keys.SESSION, Keys.PROFILE, Keys.ROLE)
                .flatMap(key -> at.find(prefix + key).stream());
    }

    private TokenSource source(String region) {
        Optional<Credential.Keys> keys = pair();
        Optional<String> profile = text(Keys.PROFILE);
        if (keys.isPresent() && profile.isPresent()) {
            problem(Keys.PROFILE, "stands beside keys; give one of them");
        }
        return new TokenSource.Aws(region, keys, profile, role(), text(Keys.STS));
    }

    private Optional<Credential.Keys> pair() {
        Optional<Secret> id = secret(Keys.ID);
        Optional<Secret> secret = secret(Keys.SECRET);
        boolean idWritten = at.find(prefix + Keys.ID).isPresent();
        boolean secretWritten = at.find(prefix + Keys.SECRET).isPresent();
        if (idWritten != secretWritten) {
            at.missing(
                    prefix + (idWritten ? Keys.SECRET : Keys.ID),
                    "is missing beside " + (idWritten ? Keys.ID : Keys.SECRET));
        }
        if (!idWritten && !secretWritten) {
            at.find(prefix + Keys.SESSION).ifPresent(token -> token.problem("is of no use without keys"));
        }
        return id.flatMap(found -> secret.map(with -> Credential.Keys.of(found, with, secret(Keys.SESSION))));
    }

    private Optional<TokenSource.Role> role() {
        Optional<String> arn = text(Keys.ROLE);
        if (arn.isEmpty()) {
            Stream.of(Keys.LENGTH, Keys.SESSION_NAME, Keys.EXTERNAL_ID)
                    .flatMap(key -> at.find(prefix + key).stream())
                    .forEach(other -> other.warning("is of no use without " + Keys.ROLE));
            return Optional.empty();
        }
        if (!arn.get().startsWith("arn:")) {
            problem(Keys.ROLE, "is no name of a role like arn:aws:iam::123456789012:role/name");
        }
        String name = text(Keys.SESSION_NAME).orElseThrow();
        if (!SESSION_NAME.matcher(name).matches()) {
            problem(Keys.SESSION_NAME, "must be 2 to 64 of letters, digits and =,.@_-");
        }
        return Optional.of(new TokenSource.Role(arn.get(), name, text(Keys.EXTERNAL_ID), length()));
    }

    private Duration length() {
        String written = text(Keys.LENGTH).orElseThrow();
        int seconds = SECONDS.matcher(written).matches() ? Integer.parseInt(written) : 0;
        if (seconds < LEAST_SECONDS || seconds > MOST_SECONDS) {
            problem(Keys.LENGTH, "must be a number of seconds from " + LEAST_SECONDS + " to " + MOST_SECONDS);
        }
        return Duration.ofSeconds(Math.max(LEAST_SECONDS, seconds));
    }

    private Optional<String> text(String key) {
        return found.text(prefix + key);
    }

    private Optional<Secret> secret(String key) {
        return found.secret(prefix + key);
    }

    private void problem(String key, String message) {
        at.find(prefix + key).ifPresent(here -> here.problem(message));
    }
}
