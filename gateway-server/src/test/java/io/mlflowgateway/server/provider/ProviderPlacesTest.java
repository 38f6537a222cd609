package io.mlflowgateway.server.provider;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.server.config.ProviderSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every provider has the places that docs/adding-a-provider.md names. */
class ProviderPlacesTest {
    private static final Path TESTS = Path.of("src", "test", "java", "io", "mlflowgateway", "server", "provider");

    static Stream<ProviderSpec> wired() {
        return ProviderCellsIT.wired();
    }

    @ParameterizedTest
    @MethodSource("wired")
    void a_provider_has_a_test_fixtures_with_a_source_a_section_and_a_line(ProviderSpec spec) throws IOException {
        String type = new Providers().find(spec.name()).orElseThrow().getClass().getSimpleName();

        assertThat(TESTS.resolve(type + "Test.java")).exists();
        assertThat(CellFiles.ROOT.resolve(spec.name()).resolve("SOURCE.md")).isNotEmptyFile();
        assertThat(Files.readString(Path.of("..", "docs", "providers.md"))).contains("\n## " + spec.name() + "\n");
        assertThat(Files.readString(Path.of("..", "CHANGELOG.md"))).contains("`" + spec.name() + "`");
    }
}
