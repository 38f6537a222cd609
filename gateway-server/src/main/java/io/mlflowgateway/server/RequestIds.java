package io.mlflowgateway.server;

import java.security.SecureRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/** Request ids: a random prefix of this process and a count, so that no two are alike and making one costs nothing. */
final class RequestIds implements Supplier<String> {
    private final String prefix = String.format("%012x-", new SecureRandom().nextLong() & 0xffff_ffff_ffffL);
    private final AtomicLong count = new AtomicLong();

    @Override
    public String get() {
        return prefix + Long.toHexString(count.incrementAndGet());
    }
}
