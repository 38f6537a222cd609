package io.mlflowgateway.server.secret;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/**
 * A credential. It does not print, and no serializer finds it: there is no getter and no field to see, and it is not
 * {@code Serializable}. Only the places that put it on a wire call {@link #reveal()}, and the architecture test lists them.
 */
public final class Secret {
    /** Transient: then even a serializer that looks at private fields leaves it out. */
    private final transient String value;

    /** @param value the credential itself */
    public Secret(String value) {
        this.value = value;
    }

    /** The credential itself. */
    public String reveal() {
        return value;
    }

    @Override
    public String toString() {
        return "Secret[***]";
    }

    /** Compares in constant time. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Secret that
                && MessageDigest.isEqual(
                        value.getBytes(StandardCharsets.UTF_8), that.value.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }
}
