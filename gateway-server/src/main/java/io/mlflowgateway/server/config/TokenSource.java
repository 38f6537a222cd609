package io.mlflowgateway.server.config;

import io.mlflowgateway.server.secret.Credential;
import io.mlflowgateway.server.secret.Secret;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Where credentials are fetched, and by whom: checked. Equal ones bring the same, whatever they are called. */
public sealed interface TokenSource {
    /** Where they come from, as logs may say it. */
    String place();

    /** Who asks, as logs may say it. */
    String client();

    /** What no text that is shown may hold. */
    List<Secret> secrets();

    /**
     * The client credentials grant of OAuth 2.0 (RFC 6749, section 4.4).
     *
     * @param tokenUrl absolute http or https URL
     * @param scope empty for none
     * @param basic whether id and secret go as HTTP Basic, otherwise in the body
     */
    record ClientCredentials(String tokenUrl, String client, Secret clientSecret, String scope, boolean basic)
            implements TokenSource {
        @Override
        public String place() {
            return tokenUrl;
        }

        @Override
        public List<Secret> secrets() {
            return List.of(clientSecret);
        }
    }

    /**
     * A Google service account, which signs an assertion (RFC 7523).
     *
     * @param tokenUrl absolute http or https URL
     * @param client the account's e-mail address
     * @param keyId empty where the key file has none
     * @param privateKey RSA, PKCS #8 in PEM
     */
    record ServiceAccount(String tokenUrl, String client, String keyId, Secret privateKey, String scope)
            implements TokenSource {
        @Override
        public String place() {
            return tokenUrl;
        }

        @Override
        public List<Secret> secrets() {
            return List.of(privateKey);
        }
    }

    /**
     * Amazon's keys: these, or a profile's, or what the environment has.
     *
     * @param region whose STS is asked for a role
     * @param role assumed by them, where there is one
     * @param stsUrl in place of the region's STS
     */
    record Aws(
            String region,
            Optional<Credential.Keys> keys,
            Optional<String> profile,
            Optional<Role> role,
            Optional<String> stsUrl)
            implements TokenSource {
        @Override
        public String place() {
            return stsUrl.orElse("Amazon");
        }

        @Override
        public String client() {
            return role.map(Role::arn)
                    .or(() -> profile.map(name -> "profile " + name))
                    .orElse(keys.isPresent() ? "a pair of keys" : "the environment");
        }

        @Override
        public List<Secret> secrets() {
            return keys.map(pair -> List.copyOf(pair.parts().values())).orElse(List.of());
        }
    }

    /**
     * A role of Amazon's to assume.
     *
     * @param externalId what the role's owner wants to be told, where they do
     * @param length how long its keys are to be good
     */
    record Role(String arn, String sessionName, Optional<String> externalId, Duration length) {}
}
