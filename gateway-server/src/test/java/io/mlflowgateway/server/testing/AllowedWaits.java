package io.mlflowgateway.server.testing;

import reactor.blockhound.BlockHound;
import reactor.blockhound.integration.BlockHoundIntegration;

/** Waits of the libraries that BlockHound lets pass: short, bounded, and not ours. Found through {@code META-INF/services}. */
public final class AllowedWaits implements BlockHoundIntegration {
    @Override
    public void applyTo(BlockHound.Builder builder) {
        // When loops compete for buffers Netty adds a magazine, and waits for the lock of each that it replaces.
        builder.allowBlockingCallsInside(
                "io.netty.buffer.AdaptivePoolingAllocator$MagazineGroup", "tryExpandMagazines");
    }
}
