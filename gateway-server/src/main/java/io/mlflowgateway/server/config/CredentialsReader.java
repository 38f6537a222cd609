package io.mlflowgateway.server.config;

import io.mlflowgateway.server.config.CredentialType.Keys;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Reads the file's {@code credentials:}. */
final class CredentialsReader {
    static final String KEY = "credentials";
    private static final List<String> TYPES =
            Arrays.stream(CredentialType.values()).map(CredentialType::wireName).toList();

    private final SecretSource secrets;
    private final SettingsReader settings;
    private final KeyFileReader keyFiles;

    CredentialsReader(SecretSource secrets) {
        this.secrets = secrets;
        this.settings = new SettingsReader(secrets);
        this.keyFiles = new KeyFileReader(secrets);
    }

    /** Every entry with a name; what is wrong is in the report. */
    NamedCredentials read(Cursor document) {
        NamedCredentials named = new NamedCredentials();
        document.at(KEY).map(Cursor::items).orElse(List.of()).stream()
                .filter(item -> item.mustBeMapping("a mapping with name and type"))
                .forEach(item -> entry(item, named));
        return named;
    }

    private void entry(Cursor item, NamedCredentials named) {
        Optional<String> name = item.at("name").flatMap(RouteNames::read);
        if (item.at("name").isEmpty()) {
            item.missing("name", "is missing; targets name the credential by it");
        }
        Optional<CredentialType> type = type(item);
        NamedCredentials.Entry entry = type.map(found -> entry(found, item))
                .orElseGet(() -> new NamedCredentials.Entry(item, type, Optional.empty(), Optional.empty()));
        Optional<NamedCredentials.Entry> first = name.flatMap(found -> named.put(found, entry));
        if (first.isPresent()) {
            item.at("name")
                    .orElse(item)
                    .problem("another credential is called so already, in line "
                            + first.get().at().tree().line());
        }
    }

    private static Optional<CredentialType> type(Cursor item) {
        Optional<Cursor> at = item.at("type");
        if (at.isEmpty()) {
            item.missing("type", "is missing; one of " + Shown.list(TYPES));
            return Optional.empty();
        }
        Optional<String> name = at.get().text();
        Optional<CredentialType> type = name.flatMap(CredentialType::ofWireName);
        if (name.isPresent() && type.isEmpty()) {
            at.get()
                    .problem(Shown.value(name.get()) + " is no type of a credential"
                            + Shown.didYouMean(name.get(), TYPES) + "; one of " + Shown.list(TYPES));
        }
        return type;
    }

    private NamedCredentials.Entry entry(CredentialType type, Cursor item) {
        List<String> known = new ArrayList<>(List.of("name", "type"));
        type.keys().forEach(key -> known.add(key.name()));
        item.onlyKnown(known);
        Settings found = settings.read(type.keys(), item, "a credential of type '" + type.wireName() + "' needs it");
        return new NamedCredentials.Entry(item, Optional.of(type), found.secret(Keys.VALUE), tokens(type, found, item));
    }

    private Optional<TokenSource> tokens(CredentialType type, Settings found, Cursor item) {
        return switch (type) {
            case STATIC -> Optional.empty();
            case AWS -> Optional.of(new AwsSettings(found, item, "", secrets).ofCredential());
            case CLIENT_CREDENTIALS -> clientCredentials(found);
            case SERVICE_ACCOUNT ->
                item.at(Keys.KEY_FILE)
                        .flatMap(at -> keyFiles.read(at, found.text(Keys.SCOPE).orElse("")));
        };
    }

    private static Optional<TokenSource> clientCredentials(Settings found) {
        var url = found.text(Keys.TOKEN_URL);
        var id = found.text(Keys.CLIENT_ID);
        var secret = found.secret(Keys.CLIENT_SECRET);
        if (url.isEmpty() || id.isEmpty() || secret.isEmpty()) {
            return Optional.empty();
        }
        boolean basic = found.text(Keys.CLIENT_AUTH).filter("basic"::equals).isPresent();
        String scope = found.text(Keys.SCOPE).orElse("");
        return Optional.of(new TokenSource.ClientCredentials(url.get(), id.get(), secret.get(), scope, basic));
    }
}
