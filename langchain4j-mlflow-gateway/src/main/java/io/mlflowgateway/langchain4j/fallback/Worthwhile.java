package io.mlflowgateway.langchain4j.fallback;

import dev.langchain4j.exception.HttpException;
import dev.langchain4j.exception.ModelNotFoundException;
import dev.langchain4j.exception.NonRetriableException;
import dev.langchain4j.exception.RetriableException;
import dev.langchain4j.exception.UnresolvedModelServerException;
import dev.langchain4j.exception.UnsupportedFeatureException;
import java.io.IOException;
import java.nio.channels.UnresolvedAddressException;

/** Whether another member may do what one failed to do. */
final class Worthwhile {

    private static final int DEEPEST = 20;

    private Worthwhile() {}

    static boolean after(Throwable failure) {
        if (failure instanceof RetriableException
                || failure instanceof ModelNotFoundException
                || failure instanceof UnresolvedModelServerException) {
            return true;
        }
        if (failure instanceof NonRetriableException || failure instanceof UnsupportedFeatureException) {
            return false;
        }
        return failure instanceof HttpException refused ? mayPass(refused.statusCode()) : unconnected(failure);
    }

    private static boolean mayPass(int status) {
        return status == 404 || status == 408 || status == 429 || (status >= 500 && status != 501);
    }

    /** Some models say no more than that something went wrong, with the broken connection as cause. */
    private static boolean unconnected(Throwable failure) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < DEEPEST; depth++) {
            if (cause instanceof IOException || cause instanceof UnresolvedAddressException) {
                return true;
            }
            cause = cause.getCause();
        }
        return false;
    }
}
