package io.mlflowgateway.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.Version;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.yaml.snakeyaml.Yaml;

/**
 * The classes that run are not below the releases that closed known holes. The build refuses older ones in the parent
 * pom, too; this holds where a class path was put together by other means.
 */
class DependencyFloorTest {

    @Test
    void netty_pairs_interim_answers_rightly_and_refuses_smuggling_forms() {
        Map<String, String> versions = io.netty.util.Version.identify().entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, entry -> entry.getValue().artifactVersion()));

        assertThat(versions).containsKeys("netty-codec-http", "netty-handler", "netty-buffer");
        assertThat(versions.values()).allMatch(version -> isAtLeast(version.replace(".Final", ""), "4.2.15"));
    }

    @Test
    void jackson_bans_what_it_says_it_bans() {
        Stream<Version> versions = Stream.of(new ObjectMapper().version(), new JsonFactory().version());

        assertThat(versions.map(Version::toString)).allMatch(version -> isAtLeast(version, "2.21.4"));
    }

    @Test
    void snakeyaml_makes_no_objects_from_tags() throws IOException {
        Properties properties = new Properties();
        try (InputStream in = Yaml.class.getResourceAsStream("/META-INF/maven/org.yaml/snakeyaml/pom.properties")) {
            properties.load(in);
        }

        assertThat(properties.getProperty("version")).matches(version -> isAtLeast(version, "2.0"));
    }

    @ParameterizedTest
    @CsvSource({"4.2.15, true", "4.2.18, true", "4.10.0, true", "5.0, true", "4.2.14, false", "4.1.200, false"})
    void versions_are_compared_number_by_number(String version, boolean high) {
        boolean isAtLeast = isAtLeast(version, "4.2.15");

        assertThat(isAtLeast).isEqualTo(high);
    }

    private static boolean isAtLeast(String version, String floor) {
        return ModuleDescriptor.Version.parse(version).compareTo(ModuleDescriptor.Version.parse(floor)) >= 0;
    }
}
