package io.mlflowgateway.server.log;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import org.slf4j.ILoggerFactory;
import org.slf4j.IMarkerFactory;
import org.slf4j.LoggerFactory;
import org.slf4j.helpers.BasicMarkerFactory;
import org.slf4j.spi.MDCAdapter;
import org.slf4j.spi.SLF4JServiceProvider;

/**
 * Logback without its search for configuration files. SLF4J makes it where {@link #install} named it, and nowhere else:
 * no service file does, so that a program with a gateway inside keeps its own logging.
 */
public final class LogProvider implements SLF4JServiceProvider {
    private static final String REQUESTED_API_VERSION = "2.0.99";

    private final Factory factory = new Factory();
    private final IMarkerFactory markers = new BasicMarkerFactory();
    private final LogbackMDCAdapter mdc = new LogbackMDCAdapter();

    /** Logback's loggers, and the log they write to. */
    private static final class Factory implements ILoggerFactory {
        private final LoggerContext context = new LoggerContext();
        // Not System.err: whoever else writes there must not wait for a lock that a blocked write holds.
        private final ProcessLog log = new ProcessLog(context, new FileOutputStream(FileDescriptor.err));

        @Override
        public org.slf4j.Logger getLogger(String name) {
            return context.getLogger(name);
        }
    }

    static synchronized ProcessLog install() {
        System.setProperty(LoggerFactory.PROVIDER_PROPERTY_KEY, LogProvider.class.getName());
        // SLF4J would say that it did as it was told.
        System.setProperty("slf4j.internal.verbosity", "WARN");
        if (LoggerFactory.getILoggerFactory() instanceof Factory ours) {
            // Otherwise Java prints the trace itself, line by line and unmasked.
            Thread.setDefaultUncaughtExceptionHandler(ours.log::uncaught);
            return ours.log;
        }
        throw new IllegalStateException("something has asked for a logger before the log was set up");
    }

    @Override
    public void initialize() {
        factory.context.setName("default");
        factory.context.setMDCAdapter(mdc);
        factory.context.start();
    }

    @Override
    public ILoggerFactory getLoggerFactory() {
        return factory;
    }

    @Override
    public IMarkerFactory getMarkerFactory() {
        return markers;
    }

    @Override
    public MDCAdapter getMDCAdapter() {
        return mdc;
    }

    @Override
    public String getRequestedApiVersion() {
        return REQUESTED_API_VERSION;
    }
}
