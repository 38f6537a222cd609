package io.mlflowgateway.server.secret;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads RSA keys that sign. May block for a moment: not for event loops. */
public final class RsaKey {
    private static final Pattern PEM =
            Pattern.compile("\\s*-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----\\s*");

    private RsaKey() {}

    /**
     * The key that a text holds.
     *
     * @param pem PKCS #8 in PEM, not encrypted
     * @throws GeneralSecurityException where it is none; nothing of the text stands in the message
     */
    public static PrivateKey of(Secret pem) throws GeneralSecurityException {
        Matcher matcher = PEM.matcher(pem.reveal());
        if (!matcher.matches()) {
            throw new InvalidKeySpecException("no private key in PEM");
        }
        try {
            byte[] der = Base64.getMimeDecoder().decode(matcher.group(1));
            return KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(der));
        } catch (IllegalArgumentException | InvalidKeySpecException e) {
            throw new InvalidKeySpecException("no RSA key in PKCS #8");
        }
    }
}
