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
        try (Stream<Path> threads = Files.list(Path.of("/proc/" + pid + "/task"))) {
            return Duration.ofNanos(
                    threads.filter(path -> read(path.resolve("comm")).equals(thread))
                            .mapToLong(path -> nanos(read(path.resolve("schedstat"))))
                            .sum());
        } catch (IOException e) {
            return Duration.ZERO;
        }
    }

    /** Of the numbers for running, waiting and turns, the second. */
    private static long nanos(String schedstat) {
        String[] numbers = schedstat.split(" ");
        return numbers.length == 3 ? Long.parseLong(numbers[1]) : 0;
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
