package io.mlflowgateway.server.reliability;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;

/**
 * How long threads of a process were ready to run and kept waiting for a processor, as Linux counts it. What is measured
 * by the clock less this is what the process takes on a machine that has nothing else to do.
 */
final class ProcessorWait {
    private ProcessorWait() {}

    /**
     * Since the threads began; zero where nobody counts it.
     *
     * @param thread name of the threads, as Linux knows them: at most 15 characters; {@code java} is the first one
     */
    static Duration of(long pid, String thread) {
        return Duration.ofNanos(sum(pid, thread, 1));
    }

    /**
     * What a time would have been had the threads, and all they wait for, never waited for a processor. For work without
     * pauses of its own.
     */
    static Duration without(Duration time, long pid, String thread) {
        double ran = sum(pid, thread, 0);
        double waited = sum(pid, thread, 1);
        return ran == 0 ? time : Duration.ofNanos((long) (time.toNanos() * ran / (ran + waited)));
    }

    /** Of the numbers for running, waiting and turns, this one. */
    private static long sum(long pid, String thread, int number) {
        try (Stream<Path> threads = Files.list(Path.of("/proc/" + pid + "/task"))) {
            return threads.filter(path -> read(path.resolve("comm")).equals(thread))
                    .map(path -> read(path.resolve("schedstat")).split(" "))
                    .filter(numbers -> numbers.length == 3)
                    .mapToLong(numbers -> Long.parseLong(numbers[number]))
                    .sum();
        } catch (IOException e) {
            return 0;
        }
    }

    private static String read(Path path) {
        try {
            return Files.readString(path).strip();
        } catch (IOException e) {
            // The thread has ended.
            return "";
        }
    }
}
