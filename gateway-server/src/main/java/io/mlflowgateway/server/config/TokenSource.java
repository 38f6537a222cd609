package io.mlflowgateway.server.config;

import io.mlflowgateway.server.secret.Secret;
import java.util.List;

/** Where bearer tokens are fetched, and by whom: checked. Equal ones bring the same token, whatever they are called. */
public sealed interface TokenSource {
    /** Absolute http or https URL. */
    String tokenUrl();

    /** Who asks, as logs may say it. */
    String client();

    /** What no text that is shown may hold. */
    List<Secret> secrets();

    /**
     * The client credentials grant of OAuth 2.0 (RFC 6749, section 4.4).
     *
     * @param scope empty for none
     * @param basic whether id and secret go as HTTP Basic, otherwise in the body
     */
    record ClientCredentials(String tokenUrl, String client, Secret clientSecret, String scope, boolean basic)
            implements TokenSource {
        @Override
        public List<Secret> secrets() {
            return List.of(clientSecret);
        }
    }

    /**
     * A Google service account, which signs an assertion (RFC 7523).
     *
     * @param client the account's e-mail address
     * @param keyId empty where the key file has none
     * @param privateKey RSA, PKCS #8 in PEM
     */
    record ServiceAccount(String tokenUrl, String client, String keyId, Secret privateKey, String scope)
            implements TokenSource {
        @Override
        public List<Secret> secrets() {
            return List.of(privateKey);
        }
    }
}
