package io.mlflowgateway.server.provider.aws;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;

/** The instant at which credentials expire, as Amazon writes it: ISO 8601 with an offset. */
final class Expiry {
    private Expiry() {}

    /** @param where it stood, for the message */
    static Instant read(String text, String where) throws CredentialsProblem {
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            throw new CredentialsProblem(where + " is no instant like 2030-01-31T12:00:00Z");
        }
    }
}
