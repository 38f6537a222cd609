package io.mlflowgateway.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What users get: one jar, in which every library is whole and has its licence. */
class BuiltJarIT {
    private final JarFile jar =
            new JarFile(Path.of("target", "gateway-server.jar").toFile());

    BuiltJarIT() throws IOException {}

    @AfterEach
    void close() throws IOException {
        jar.close();
    }

    @Test
    void it_says_what_it_is() throws IOException {
        var manifest = jar.getManifest().getMainAttributes();

        assertThat(manifest.getValue("Main-Class")).isEqualTo(Main.class.getName());
        assertThat(manifest.getValue("Implementation-Version")).isNotBlank();
        assertThat(manifest.getValue("Multi-Release")).isEqualTo("true");
    }

    @Test
    void it_carries_its_own_licence_and_those_of_what_it_bundles() throws IOException {
        assertThat(text("META-INF/LICENSE")).isEqualTo(Files.readString(Path.of("..", "LICENSE")));
        assertThat(text("META-INF/NOTICE")).contains("Jackson");
        assertThat(text("META-INF/LICENSE.txt")).contains("QOS.ch");
        assertThat(names())
                .contains("META-INF/FastDoubleParser-LICENSE", "META-INF/Schubfach-LICENSE")
                .anyMatch(name -> name.endsWith("/swagger-ui-bundle.js.LICENSE.txt"));
    }

    @Test
    void every_bundled_library_is_named_with_its_licence() throws IOException {
        List<String> groups = names().stream()
                .filter(name -> name.matches("META-INF/maven/[^/]+/[^/]+/pom.xml"))
                .map(name -> name.split("/")[2])
                .filter(group -> !group.equals("io.mlflowgateway"))
                .distinct()
                .toList();

        assertThat(groups).hasSizeGreaterThan(4);
        assertThat(text("META-INF/THIRD-PARTY.txt").lines().map(line -> line.split(" ")[0]))
                .containsAll(groups);
    }

    @Test
    void no_signature_of_another_jar_is_left() {
        assertThat(names()).noneMatch(name -> name.matches("META-INF/[^/]+\\.(SF|DSA|RSA|EC)|.*module-info\\.class"));
    }

    @Test
    void services_that_several_libraries_offer_are_all_there() throws IOException {
        assertThat(text("META-INF/services/io.micrometer.context.ContextAccessor"))
                .contains("reactor.netty.", "reactor.util.");
        assertThat(text("META-INF/services/org.slf4j.spi.SLF4JServiceProvider")).contains("logback");
    }

    private List<String> names() {
        return jar.stream().map(JarEntry::getName).toList();
    }

    private String text(String name) throws IOException {
        try (InputStream in = jar.getInputStream(jar.getEntry(name))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
