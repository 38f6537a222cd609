package io.mlflowgateway.server.reliability;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Looks at another JVM from outside: what /proc tells of it, and its heap after a collection. */
final class ProcessWatch {
    private static final Pattern LIVE_BYTES = Pattern.compile("Total +\\d+ +(\\d+)");
    private static final Pattern RSS = Pattern.compile("VmRSS:\\s+(\\d+) kB");

    /** The JVM starts and ends threads of its own as it needs them. */
    private static final Pattern OF_THE_JVM =
            Pattern.compile("(C1|C2) Comp.*|G1 .*|GC Thread.*|Sweeper.*|VM .*|Attach.*");

    /** What it held, so long after the first look. */
    record Sample(double seconds, long rssKib, long heapKib, int threads, int descriptors) {
        static final String HEAD =
                String.format("%8s %10s %12s %8s %12s", "seconds", "RSS MiB", "heap MiB", "threads", "descriptors");

        @Override
        public String toString() {
            return String.format(
                    "%8.0f %10.1f %12.1f %8d %12d", seconds, rssKib / 1024.0, heapKib / 1024.0, threads, descriptors);
        }
    }

    private final long pid;
    private final long beganNanos = System.nanoTime();
    private final List<Sample> samples = new ArrayList<>();

    ProcessWatch(long pid) {
        this.pid = pid;
    }

    /** Collects its garbage, looks, and remembers. */
    Sample sample() {
        Sample sample = new Sample(
                (System.nanoTime() - beganNanos) / 1e9,
                number(RSS, read("status")),
                liveHeapKib(),
                threads().values().stream().mapToInt(Integer::intValue).sum(),
                descriptors());
        samples.add(sample);
        return sample;
    }

    List<Sample> samples() {
        return List.copyOf(samples);
    }

    /** Its threads that are not the JVM's own: how many there are of each name. */
    Map<String, Integer> threads() {
        Map<String, Integer> byName = new TreeMap<>();
        try (Stream<Path> tasks = Files.list(Path.of("/proc", Long.toString(pid), "task"))) {
            for (Path task : tasks.toList()) {
                String name = name(task);
                if (!name.isEmpty() && !OF_THE_JVM.matcher(name).matches()) {
                    byName.merge(name, 1, Integer::sum);
                }
            }
            return byName;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String name(Path task) throws IOException {
        try {
            return Files.readString(task.resolve("comm")).strip();
        } catch (NoSuchFileException ended) {
            return "";
        }
    }

    /** What its descriptors lead to, without what differs from one to the next of a kind. */
    Map<String, Integer> descriptorKinds() {
        Map<String, Integer> kinds = new TreeMap<>();
        try (Stream<Path> open = Files.list(Path.of("/proc", Long.toString(pid), "fd"))) {
            for (Path descriptor : open.toList()) {
                kinds.merge(kind(descriptor), 1, Integer::sum);
            }
            return kinds;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String kind(Path descriptor) throws IOException {
        try {
            return Files.readSymbolicLink(descriptor).toString().replaceAll("\\[\\d+]", "");
        } catch (NoSuchFileException closed) {
            return "closed";
        }
    }

    int descriptors() {
        return descriptorKinds().values().stream().mapToInt(Integer::intValue).sum();
    }

    /** Counting what is alive collects the garbage first. */
    private long liveHeapKib() {
        return number(LIVE_BYTES, jcmd("GC.class_histogram")) / 1024;
    }

    /** What a diagnostic command prints. */
    String jcmd(String... command) {
        List<String> line = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(), Long.toString(pid)));
        line.addAll(Arrays.asList(command));
        try {
            Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(30, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new AssertionError(String.join(" ", line) + ": " + said);
            }
            return said;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private String read(String file) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(pid), file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long number(Pattern pattern, String text) {
        Matcher found = pattern.matcher(text);
        if (!found.find()) {
            throw new AssertionError("no " + pattern + " in " + text);
        }
        return Long.parseLong(found.group(1));
    }

    /** What it held at the end beyond what it held at the beginning: medians of the last and the first samples. */
    static double growthMib(List<Sample> samples, ToLongFunction<Sample> what) {
        int some = Math.max(1, Math.min(3, samples.size() / 2));
        return (median(samples.subList(samples.size() - some, samples.size()), what)
                        - median(samples.subList(0, some), what))
                / 1024.0;
    }

    private static double median(List<Sample> samples, ToLongFunction<Sample> what) {
        return samples.stream()
                .mapToLong(what)
                .sorted()
                .skip(samples.size() / 2)
                .findFirst()
                .orElseThrow();
    }

    /** The median of the slopes between any two samples, in MiB in ten minutes: single peaks do not move it. */
    static double slopeMibInTenMinutes(List<Sample> samples, ToLongFunction<Sample> what) {
        List<Double> slopes = new ArrayList<>();
        for (int i = 0; i < samples.size(); i++) {
            for (int j = i + 1; j < samples.size(); j++) {
                double seconds = samples.get(j).seconds() - samples.get(i).seconds();
                slopes.add(
                        (what.applyAsLong(samples.get(j)) - what.applyAsLong(samples.get(i))) / 1024.0 / seconds * 600);
            }
        }
        slopes.sort(Comparator.naturalOrder());
        return slopes.isEmpty() ? 0 : slopes.get(slopes.size() / 2);
    }
}
