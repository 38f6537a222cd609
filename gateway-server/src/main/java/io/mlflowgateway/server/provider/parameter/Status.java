package io.mlflowgateway.server.provider.parameter;

import java.util.Locale;

/** What a provider's task has been tried against. */
public enum Status {
    /** Recorded or documented shapes, played by a fake. */
    FIXTURE,
    /** The real server. */
    REAL;

    /** As the page and the docs say it. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
