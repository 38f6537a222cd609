package io.mlflowgateway.server.config;

import io.mlflowgateway.server.config.SettingKey.Kind;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What an entry of {@code credentials:} may be. The reader goes by it; the JSON schema and the docs are made from it. */
public enum CredentialType {
    /** A key that stands in the file, or where the file says. */
    STATIC("static", List.of(SettingKey.required(Keys.VALUE, Kind.SECRET, "The key itself."))),
    /** OAuth 2.0 for a program by its own name: Microsoft Entra, Databricks, and most others. */
    CLIENT_CREDENTIALS(
            "oauth-client-credentials",
            List.of(
                    SettingKey.required(Keys.TOKEN_URL, Kind.URL, "Where tokens are asked for."),
                    SettingKey.required(Keys.CLIENT_ID, Kind.TEXT, "Who asks."),
                    SettingKey.required(Keys.CLIENT_SECRET, Kind.SECRET, "What proves it."),
                    SettingKey.optional(Keys.SCOPE, Kind.TEXT, "", "What the token is to be good for."),
                    SettingKey.choice(
                            Keys.CLIENT_AUTH,
                            List.of("body", "basic"),
                            "Where id and secret are sent: in the body, or as HTTP Basic."))),
    /** A Google service account by its key file. */
    SERVICE_ACCOUNT(
            "google-service-account",
            List.of(
                    SettingKey.required(
                            Keys.KEY_FILE, Kind.TEXT, "Path of the account's key file (JSON), or the variable of it."),
                    SettingKey.optional(
                            Keys.SCOPE, Kind.TEXT, KeyFileReader.CLOUD_PLATFORM, "What the token is to be good for."))),
    /** Amazon's keys, wherever they come from. */
    AWS("aws", AwsSettings.keysOfCredential());

    /** Keys of entries. */
    static final class Keys {
        static final String VALUE = "value";
        static final String TOKEN_URL = "token_url";
        static final String CLIENT_ID = "client_id";
        static final String CLIENT_SECRET = "client_secret";
        static final String CLIENT_AUTH = "client_auth";
        static final String SCOPE = "scope";
        static final String KEY_FILE = "key_file";

        private Keys() {}
    }

    private final String wireName;
    private final List<SettingKey> keys;

    CredentialType(String wireName, List<SettingKey> keys) {
        this.wireName = wireName;
        this.keys = keys;
    }

    /** As the file says it. */
    public String wireName() {
        return wireName;
    }

    /** The keys of such an entry beside {@code name} and {@code type}. */
    public List<SettingKey> keys() {
        return keys;
    }

    /** Those that bring a bearer token which expires. */
    public static Set<CredentialType> tokens() {
        return EnumSet.of(CLIENT_CREDENTIALS, SERVICE_ACCOUNT);
    }

    static Optional<CredentialType> ofWireName(String name) {
        return Arrays.stream(values())
                .filter(type -> type.wireName.equals(name))
                .findFirst();
    }
}
