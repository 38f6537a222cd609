package io.mlflowgateway.samples.demo;

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

/** What ./demo says before it builds anything; all of it runs in the sample ITs and in the build's own demo step. */
class DemoScriptIT {
    private static final Path SCRIPT = Path.of("..", "demo").toAbsolutePath().normalize();

    private static final String JDK = "echo 'openjdk version \"17.0.1\" 2021-10-19'; echo jdk.compiler@17.0.1";

    @TempDir
    Path bin;

    private record Said(int exit, String text) {}

    /** Runs a copy of the script, so that nothing counts as built, with only the programs of {@link #bin} before others. */
    private Said demo(String... flags) throws IOException, InterruptedException {
        Path copy = Files.copy(SCRIPT, bin.resolve("demo"));
        List<String> command = new ArrayList<>(List.of("bash", copy.toString()));
        command.addAll(List.of(flags));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().remove("JAVA_HOME");
        builder.environment().put("PATH", bin + ":/usr/bin:/bin");
        builder.environment().put("TMPDIR", bin.toString());
        Process process = builder.start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).as("the script ends").isTrue();
        return new Said(process.exitValue(), text);
    }

    private void program(String name, String says) throws IOException {
        Path file = Files.writeString(bin.resolve(name), "#!/bin/sh\n" + says + "\n");
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }

    @Test
    void help_names_every_flag_and_ends_well() throws Exception {
        Said help = demo("--help");

        assertThat(help.exit()).isZero();
        assertThat(help.text()).contains("--once", "--local-model", "--no-python", "JDK 17", "Maven 3.8");
    }

    @Test
    void an_unknown_flag_is_named() throws Exception {
        Said refused = demo("--twice");

        assertThat(refused.exit()).isEqualTo(1);
        assertThat(refused.text()).contains("there is no flag --twice");
    }

    @Test
    void a_java_too_old_is_told_with_how_to_get_another() throws Exception {
        program("java", "echo 'openjdk version \"11.0.2\" 2019-01-15' >&2");

        Said refused = demo("--once");

        assertThat(refused.exit()).isEqualTo(1);
        assertThat(refused.text()).contains("Java is 11, the demo needs 17").contains("apt install openjdk-17-jdk");
    }

    @Test
    void a_java_that_cannot_compile_is_told() throws Exception {
        program("java", "echo 'openjdk version \"17.0.1\" 2021-10-19'; echo java.base@17.0.1");

        assertThat(demo("--once").text()).contains("it is no JDK");
    }

    @Test
    void a_maven_too_old_is_told_with_how_to_get_another() throws Exception {
        program("java", JDK);
        program("mvn", "echo 'Apache Maven 3.6.3'");

        Said refused = demo("--once");

        assertThat(refused.exit()).isEqualTo(1);
        assertThat(refused.text()).contains("Maven is 3.6, the demo needs 3.8").contains("apt install maven");
    }

    @Test
    void a_build_that_fails_shows_why_and_leaves_nothing_behind() throws Exception {
        program("java", JDK);
        program("mvn", "if [ \"$1\" = --version ]; then echo 'Apache Maven 3.9.9'; else echo BROKEN; exit 1; fi");

        Said refused = demo("--once");

        assertThat(refused.exit()).isEqualTo(1);
        assertThat(refused.text()).contains("BROKEN").contains("the build failed");
        assertThat(bin).isDirectoryNotContaining("glob:**mlflow-gateway-demo*");
    }
}
