package io.mlflowgateway.samples;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** Counts calls while a model is swapped. For one thread. */
final class SwapTally {
    private final Map<String, Integer> answers = new LinkedHashMap<>();
    private String last = "";
    private int calls;
    private int failed;
    private int switches;
    private long savedAt;
    private Duration untilServed = Duration.ZERO;

    void saved() {
        savedAt = System.nanoTime();
    }

    void answered(String model) {
        calls++;
        answers.merge(model, 1, Integer::sum);
        if (!last.isEmpty() && !model.equals(last)) {
            switches++;
            untilServed = Duration.ofNanos(System.nanoTime() - savedAt);
        }
        last = model;
    }

    void failed() {
        calls++;
        failed++;
    }

    int calls() {
        return calls;
    }

    int answersOf(String model) {
        return answers.getOrDefault(model, 0);
    }

    HotReloadSwap.Outcome outcome() {
        return new HotReloadSwap.Outcome(calls, failed, answers, switches, untilServed);
    }
}
