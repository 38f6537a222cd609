package io.mlflowgateway.server.secret;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a target shows its upstream, at hand: nothing is left to fetch. Sealed, so that a codec can see what there is;
 * what is neither a key nor a token is a record of its own here.
 */
public sealed interface Credential {
    /** For targets that show nothing, or whose provider reads several secrets from its settings. */
    Credential NONE = new None();

    /** The only one of these as a key; {@link #NONE} where there are none or several. */
    static Credential in(Map<String, Secret> secrets) {
        return secrets.size() == 1 ? new Key(secrets.values().iterator().next()) : NONE;
    }

    /**
     * What is put on the wire.
     *
     * @throws IllegalStateException where there is nothing to show
     */
    Secret secret();

    /**
     * Whether it was fetched and expires. Such a one goes out as {@code Authorization: Bearer}, also where the provider's
     * own keys have another header.
     */
    boolean isToken();

    /** What of it stays unseen though nobody sends it, by names of their own; empty where it is sent as it is. */
    default Map<String, Secret> parts() {
        return Map.of();
    }

    /** Nothing. */
    record None() implements Credential {
        @Override
        public Secret secret() {
            throw new IllegalStateException("there is no credential");
        }

        @Override
        public boolean isToken() {
            return false;
        }
    }

    /** A key as the provider hands it out; it stays until somebody changes the configuration. */
    record Key(Secret secret) implements Credential {
        @Override
        public boolean isToken() {
            return false;
        }
    }

    /** A bearer token that was fetched. */
    record Token(Secret secret) implements Credential {
        @Override
        public boolean isToken() {
            return true;
        }
    }

    /**
     * A pair of keys that sign what is sent, Amazon's for example.
     *
     * @param id goes out with each signature
     * @param sessionToken goes out beside it; there with keys that are good for a while only
     */
    record Keys(String id, Secret secretKey, Optional<Secret> sessionToken) implements Credential {
        /** Of keys whose id came as a secret does. */
        public static Keys of(Secret id, Secret secretKey, Optional<Secret> sessionToken) {
            return new Keys(id.reveal(), secretKey, sessionToken);
        }

        /** @throws IllegalStateException always: they are not shown, they sign */
        @Override
        public Secret secret() {
            throw new IllegalStateException("keys sign; they are not shown");
        }

        @Override
        public boolean isToken() {
            return false;
        }

        @Override
        public Map<String, Secret> parts() {
            Map<String, Secret> parts = new HashMap<>(Map.of("key id", new Secret(id), "secret key", secretKey));
            sessionToken.ifPresent(token -> parts.put("session token", token));
            return parts;
        }

        /** The id is not printed either. */
        @Override
        public String toString() {
            return "Keys[***]";
        }
    }
}
