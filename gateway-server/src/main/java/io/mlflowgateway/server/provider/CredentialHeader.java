package io.mlflowgateway.server.provider;

import io.mlflowgateway.server.secret.Secret;
import java.util.Map;
import java.util.Optional;

/** Puts a credential into the header an upstream looks for it in. */
final class CredentialHeader {
    private CredentialHeader() {}

    /** As a bearer token. */
    static Map<String, String> bearer(Secret credential) {
        return of("Authorization", "Bearer", credential);
    }

    /** As a bearer token; none where there is no credential. */
    static Map<String, String> bearer(Optional<Secret> credential) {
        return credential.map(CredentialHeader::bearer).orElse(Map.of());
    }

    /** @param prefix stands before it, with a space between; empty for none */
    static Map<String, String> of(String header, String prefix, Secret credential) {
        String revealed = credential.reveal();
        return Map.of(header, prefix.isEmpty() ? revealed : prefix + " " + revealed);
    }
}
