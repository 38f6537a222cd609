package io.mlflowgateway.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The built jar's {@code train} command, and what a start makes of the archive it left. */
class ArchiveIT {
    private static final Path JAR = Path.of("target", "gateway-server.jar");
    private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");

    @TempDir
    Path folder;

    private record Ended(int code, String said) {}

    @Test
    void a_training_leaves_an_archive_of_the_classes_of_a_start() throws Exception {
        Path archive = folder.resolve("a.jsa");

        Ended first = java("-XX:ArchiveClassesAtExit=" + archive, "-jar", JAR.toString(), "train");
        Ended second = java("-XX:ArchiveClassesAtExit=" + archive, "-jar", JAR.toString(), "train");
        Ended used = java(
                "-Xshare:on",
                "-XX:SharedArchiveFile=" + archive,
                "-Xlog:class+load",
                "-jar",
                JAR.toString(),
                "version");

        assertThat(List.of(first.code(), second.code(), used.code())).containsOnly(0);
        assertThat(used.said())
                .containsPattern("io.mlflowgateway.server.StartCommand source: shared objects file \\(top\\)");
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(archive);
        }
    }

    @Test
    void an_archive_that_is_not_there_or_no_archive_is_passed_over_in_silence() throws Exception {
        Path text = Files.writeString(folder.resolve("text.jsa"), "no archive");

        for (Path archive : List.of(folder.resolve("none.jsa"), text)) {
            Ended ended = java(
                    "-XX:SharedArchiveFile=" + archive,
                    "-Xlog:cds=off",
                    "-Xlog:cds+dynamic=off",
                    "-jar",
                    JAR.toString(),
                    "version");

            assertThat(ended.code()).isZero();
            assertThat(ended.said().lines()).as(archive.toString()).hasSize(1);
        }
    }

    private static Ended java(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(JAVA.toString()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
        return new Ended(process.exitValue(), said);
    }
}
