package io.mlflowgateway.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.langchain4j.internal.GuardedFlow;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import org.reactivestreams.tck.PublisherVerification;
import org.reactivestreams.tck.TestEnvironment;
import org.reactivestreams.tck.flow.FlowPublisherVerification;
import org.testng.ITestListener;
import org.testng.ITestResult;
import org.testng.TestNG;
import org.testng.annotations.AfterClass;
import reactor.core.publisher.Flux;

/**
 * Reactive Streams' own kit over streams that come from a socket. The kit is TestNG's; a test of JUnit's runs it, so that
 * one report holds all tests.
 */
class ReactiveStreamsTckIT {

    private static final long QUIET_MILLIS = 200;
    private static final long FAIL_MILLIS = 2_000;

    @Test
    void streams_of_text_keep_every_rule_of_reactive_streams() {
        Results results = run(TextVerification.class);

        assertThat(results.failed).isEmpty();
        assertThat(results.passed).hasSizeGreaterThanOrEqualTo(28);
        report("textFlux", results);
    }

    @Test
    void streams_for_the_jdks_subscribers_keep_every_rule_of_reactive_streams() {
        Results results = run(FlowVerification.class);

        assertThat(results.failed).isEmpty();
        assertThat(results.passed).hasSizeGreaterThanOrEqualTo(28);
        report("Flow.Publisher", results);
    }

    private static Results run(Class<?> verification) {
        TestNG kit = new TestNG(false);
        Results results = new Results();
        kit.setTestClasses(new Class<?>[] {verification});
        kit.setVerbose(0);
        kit.addListener(results);
        kit.run();
        return results;
    }

    private static void report(String what, Results results) {
        System.out.println("Reactive Streams TCK over " + what + ": " + results.passed.size() + " passed, "
                + results.failed.size() + " failed, skipped: " + results.skipped);
    }

    /** What a verification needs: a server that says as many texts as its route's name asks for. */
    private static final class Texts {

        private final StubGateway gateway = StubGateway.deployments((request, wire) -> {
            long texts = Long.parseLong(request.path().split("/", -1)[2]);
            wire.stream();
            for (long number = 0; number < texts; number++) {
                wire.says("text " + number);
            }
            wire.stops("stop").event("[DONE]").end();
        });

        Flux<String> of(long texts) {
            return streaming(gateway.url(), Long.toString(texts)).textFlux("Speak");
        }

        Flux<String> failing() {
            return streaming("http://127.0.0.1:1", "0").textFlux("Speak");
        }

        void close() throws IOException {
            gateway.close();
        }

        private static MlflowGatewayStreamingChatModel streaming(String url, String route) {
            return MlflowGatewayStreamingChatModel.builder()
                    .baseUrl(url)
                    .route(route)
                    .maxRetries(0)
                    .build();
        }
    }

    /** Run by the kit, not by JUnit. */
    public static final class TextVerification extends PublisherVerification<String> {

        private final Texts texts = new Texts();

        /** With times that a busy machine keeps. */
        public TextVerification() {
            super(new TestEnvironment(FAIL_MILLIS, QUIET_MILLIS));
        }

        @Override
        public Publisher<String> createPublisher(long elements) {
            return texts.of(elements);
        }

        @Override
        public Publisher<String> createFailedPublisher() {
            return texts.failing();
        }

        @Override
        public long maxElementsFromPublisher() {
            return Integer.MAX_VALUE;
        }

        /** Stops the server. */
        @AfterClass
        public void close() throws IOException {
            texts.close();
        }
    }

    /** Run by the kit, not by JUnit. */
    public static final class FlowVerification extends FlowPublisherVerification<String> {

        private final Texts texts = new Texts();

        /** With times that a busy machine keeps. */
        public FlowVerification() {
            super(new TestEnvironment(FAIL_MILLIS, QUIET_MILLIS));
        }

        @Override
        public Flow.Publisher<String> createFlowPublisher(long elements) {
            return new GuardedFlow<>(texts.of(elements));
        }

        @Override
        public Flow.Publisher<String> createFailedFlowPublisher() {
            return new GuardedFlow<>(texts.failing());
        }

        @Override
        public long maxElementsFromPublisher() {
            return Integer.MAX_VALUE;
        }

        /** Stops the server. */
        @AfterClass
        public void close() throws IOException {
            texts.close();
        }
    }

    private static final class Results implements ITestListener {

        final List<String> passed = new CopyOnWriteArrayList<>();
        final List<String> failed = new CopyOnWriteArrayList<>();
        final List<String> skipped = new CopyOnWriteArrayList<>();

        @Override
        public void onTestSuccess(ITestResult result) {
            passed.add(result.getName());
        }

        @Override
        public void onTestFailure(ITestResult result) {
            failed.add(result.getName() + ": " + result.getThrowable());
        }

        @Override
        public void onTestSkipped(ITestResult result) {
            skipped.add(result.getName());
        }
    }
}
