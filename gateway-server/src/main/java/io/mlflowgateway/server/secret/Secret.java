package io.mlflowgateway.server.secret;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/**
 * A credential. It does not print: only the places that put it on a wire call {@link #reveal()}, and the architecture
 * test lists them.
 *
 * @param reveal the value itself
 */
public record Secret(String reveal) {
    @Override
    public String toString() {
        return "Secret[***]";
    }

    /** Compares in constant time. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Secret that
                && MessageDigest.isEqual(
                        reveal.getBytes(StandardCharsets.UTF_8), that.reveal.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public int hashCode() {
        return reveal.hashCode();
    }
}
