package io.mlflowgateway.server.secret;

import java.util.Map;

/**
 * What a target shows its upstream, at hand: nothing is left to fetch. Sealed, so that a codec can see what there is;
 * what is neither a key nor a token, for example keys that sign, is a record of its own here.
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
}
