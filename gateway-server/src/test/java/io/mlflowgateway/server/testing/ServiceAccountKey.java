package io.mlflowgateway.server.testing;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/** A key pair as Google's service accounts have one, new each time: no test knows a key that could be anybody's. */
public record ServiceAccountKey(KeyPair keys) {
    private static final int BITS = 2048;

    public static ServiceAccountKey create() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(BITS);
            return new ServiceAccountKey(generator.generateKeyPair());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has RSA", e);
        }
    }

    /** The private key as PEM, in lines as key files have it. */
    public String pem() {
        String lines = Base64.getMimeEncoder(64, new byte[] {'\n'})
                .encodeToString(keys.getPrivate().getEncoded());
        return "-----BEGIN PRIVATE KEY-----\n" + lines + "\n-----END PRIVATE KEY-----\n";
    }

    /** The key file of an account whose tokens are asked for there. */
    public ObjectNode file(String tokenUrl) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("type", "service_account")
                .put("client_email", "gateway@test")
                .put("private_key", pem())
                .put("token_uri", tokenUrl);
    }

    @Override
    public String toString() {
        return "ServiceAccountKey";
    }
}
