package io.mlflowgateway.server.testing;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetectorFactory;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Fails the test class after which Netty reported a buffer that was never released. Registered for every class. */
public final class NettyLeaks implements BeforeAllCallback, AfterAllCallback {
    private static final Queue<String> REPORTS = new ConcurrentLinkedQueue<>();

    static {
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
        ResourceLeakDetectorFactory.setResourceLeakDetectorFactory(new ResourceLeakDetectorFactory() {
            @Override
            public <T> ResourceLeakDetector<T> newResourceLeakDetector(
                    Class<T> resource, int samplingInterval, long maxActive) {
                return new Reporting<>(resource, samplingInterval);
            }
        });
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        // Loading this class is what matters: it must come before Netty makes its first detector.
    }

    @Override
    public void afterAll(ExtensionContext context) {
        String leak = findLeak();
        if (leak != null) {
            REPORTS.clear();
            throw new AssertionError("Netty buffer leaked, found after " + context.getDisplayName() + ": " + leak);
        }
    }

    /** Forces the detector to look; null when nothing was reported since the last call. */
    static String findLeak() {
        for (int i = 0; i < 2; i++) {
            System.gc();
            ByteBuf probe = PooledByteBufAllocator.DEFAULT.buffer(16);
            probe.release();
        }
        return REPORTS.poll();
    }

    private static final class Reporting<T> extends ResourceLeakDetector<T> {
        @SuppressWarnings("deprecation")
        Reporting(Class<T> resource, int samplingInterval) {
            super(resource, samplingInterval);
        }

        @Override
        protected boolean needReport() {
            return true;
        }

        @Override
        protected void reportTracedLeak(String resourceType, String records) {
            REPORTS.add(resourceType + records);
        }

        @Override
        protected void reportUntracedLeak(String resourceType) {
            REPORTS.add(resourceType);
        }
    }
}
