package io.mlflowgateway.langchain4j.internal;

import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * The threads that call users back. One for each running stream, so that a callback may block, call tools or start
 * another call; from {@value #THREADS} streams on they share. Idle threads end after a minute.
 */
public final class CallThreads {

    private static final int THREADS = 256;

    /**
     * One pool for the whole module, like Reactor's own: a pool for each model would be left behind by applications that
     * build models as they go, as LangChain4j's models are not closed.
     */
    private static final Scheduler SCHEDULER =
            Schedulers.newBoundedElastic(THREADS, Integer.MAX_VALUE, "mlflow-gateway", 60, true);

    private CallThreads() {}

    /** {@return where callbacks and later attempts run} */
    public static Scheduler scheduler() {
        return SCHEDULER;
    }
}
