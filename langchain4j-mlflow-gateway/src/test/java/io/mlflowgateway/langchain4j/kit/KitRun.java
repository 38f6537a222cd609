package io.mlflowgateway.langchain4j.kit;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.ExtensionContext.StoreScope;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestInstancePostProcessor;
import org.junit.jupiter.api.extension.TestWatcher;

/** Gives suites the one {@link KitGateway}, and notes what becomes of each of their cases. */
final class KitRun implements ParameterResolver, TestInstancePostProcessor, TestWatcher, AfterAllCallback {

    private static final Namespace NAMESPACE = Namespace.create(KitRun.class);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == KitGateway.class;
    }

    @Override
    public KitGateway resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Store store = context.getStore(StoreScope.LAUNCHER_SESSION, NAMESPACE);
        return store.computeIfAbsent(KitGateway.class, key -> new KitGateway(), KitGateway.class);
    }

    @Override
    public void postProcessTestInstance(Object instance, ExtensionContext context) {
        notes(context).switches(Switches.of(instance));
    }

    @Override
    public void testSuccessful(ExtensionContext context) {
        notes(context).passed(context);
    }

    @Override
    public void testFailed(ExtensionContext context, @Nullable Throwable cause) {
        notes(context).failed(context);
    }

    @Override
    public void testDisabled(ExtensionContext context, Optional<String> reason) {
        notes(context).skipped(context, SkipReason.of(context, reason));
    }

    @Override
    public void testAborted(ExtensionContext context, @Nullable Throwable cause) {
        notes(context).skipped(context, cause == null ? "" : String.valueOf(cause.getMessage()));
    }

    @Override
    public void afterAll(ExtensionContext context) {
        notes(context).write();
    }

    private static SuiteNotes notes(ExtensionContext context) {
        Class<?> suite = context.getRequiredTestClass();
        Store store = context.getRoot().getStore(NAMESPACE);
        return store.computeIfAbsent(suite, key -> new SuiteNotes(suite), SuiteNotes.class);
    }
}
