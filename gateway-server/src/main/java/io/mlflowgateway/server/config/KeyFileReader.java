package io.mlflowgateway.server.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.mlflowgateway.server.json.Json;
import io.mlflowgateway.server.secret.RsaKey;
import io.mlflowgateway.server.secret.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Optional;

/**
 * Reads the key file of a Google service account: JSON with {@code type}, {@code client_email}, {@code private_key} and
 * {@code token_uri}. Shape: Google Cloud, "Create and delete service account keys".
 */
final class KeyFileReader {
    /** What tokens are good for where nothing else is said. */
    static final String CLOUD_PLATFORM = "https://www.googleapis.com/auth/cloud-platform";

    private static final String TYPE = "service_account";
    private static final String GOOGLE = "https://oauth2.googleapis.com/token";

    private final SecretSource secrets;

    KeyFileReader(SecretSource secrets) {
        this.secrets = secrets;
    }

    /** The account; empty where something is wrong with the file, which the report then says. */
    Optional<TokenSource> read(Cursor at, String scope) {
        Optional<JsonNode> file = secrets.document(at).flatMap(text -> json(text, at));
        if (file.isEmpty()) {
            return Optional.empty();
        }
        if (!file.get().path("type").asText("").equals(TYPE)) {
            at.problem("the key file is not of a service account: its type is not '" + TYPE + "'");
            return Optional.empty();
        }
        Optional<String> email = text(file.get(), "client_email", at);
        Optional<Secret> key =
                text(file.get(), "private_key", at).map(Secret::new).filter(found -> isKey(found, at));
        Optional<String> url = SettingsReader.url(file.get().path("token_uri").asText(GOOGLE), at);
        if (email.isEmpty() || key.isEmpty() || url.isEmpty()) {
            return Optional.empty();
        }
        String keyId = file.get().path("private_key_id").asText("");
        return Optional.of(new TokenSource.ServiceAccount(url.get(), email.get(), keyId, key.get(), scope));
    }

    private static Optional<JsonNode> json(String text, Cursor at) {
        try {
            JsonNode document = Json.tree(text.getBytes(StandardCharsets.UTF_8));
            if (document.isObject()) {
                return Optional.of(document);
            }
        } catch (JsonProcessingException e) {
            // Falls through: the parser's words may quote the key.
        }
        at.problem("the key file is not a JSON object");
        return Optional.empty();
    }

    private static Optional<String> text(JsonNode file, String member, Cursor at) {
        Optional<String> text = Optional.of(file.path(member).asText("")).filter(found -> !found.isBlank());
        if (text.isEmpty()) {
            at.problem("the key file has no " + member);
        }
        return text;
    }

    private static boolean isKey(Secret key, Cursor at) {
        try {
            return RsaKey.of(key) != null;
        } catch (GeneralSecurityException e) {
            at.problem("the key file's private_key is " + e.getMessage());
            return false;
        }
    }
}
