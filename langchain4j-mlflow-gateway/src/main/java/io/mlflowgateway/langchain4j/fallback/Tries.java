package io.mlflowgateway.langchain4j.fallback;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;

/**
 * The tries of one call, one member after the other.
 *
 * @param <M> the kind of model
 */
final class Tries<M> {

    private final Members<M> members;
    private final Iterator<Member<M>> candidates;
    private final List<FailedTry> failed = new ArrayList<>();
    private String answeredBy = "";

    Tries(Members<M> members) {
        this.members = members;
        this.candidates = members.forCall().iterator();
    }

    /** Calls one after the other until one answers. */
    <R> R first(Function<M, R> call) {
        while (true) {
            Member<M> member = next();
            try {
                R answer = call.apply(member.model());
                answered(member);
                return answer;
            } catch (RuntimeException failure) {
                if (!goesOn(member, failure)) {
                    throw told(failure);
                }
            }
        }
    }

    /** Only when {@link #goesOn} said so, and for the first time. */
    Member<M> next() {
        return candidates.next();
    }

    void answered(Member<M> member) {
        answeredBy = member.name();
        members.answered(member);
    }

    /** Takes note of a failure that is not the call's own fault. */
    boolean noted(Member<M> member, Throwable failure) {
        if (!members.worthwhile(failure)) {
            return false;
        }
        members.failed(member, failure);
        return true;
    }

    /** Whether there is somebody else to try, and sense in it. */
    boolean goesOn(Member<M> member, Throwable failure) {
        if (!noted(member, failure) || !candidates.hasNext()) {
            return false;
        }
        failed.add(new FailedTry(member.name(), failure));
        return true;
    }

    /** The last failure, with those before it as suppressed. */
    <F extends Throwable> F told(F failure) {
        for (FailedTry before : failed) {
            // Some models throw the same failure again and again.
            if (before.failure() != failure && !List.of(failure.getSuppressed()).contains(before.failure())) {
                failure.addSuppressed(before.failure());
            }
        }
        return failure;
    }

    List<FailedTry> failed() {
        return List.copyOf(failed);
    }

    String answeredBy() {
        return answeredBy;
    }
}
