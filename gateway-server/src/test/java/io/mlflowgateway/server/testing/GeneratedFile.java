package io.mlflowgateway.server.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A file of the repository that is made from the code. The test that holds it to the code writes it anew when run with
 * {@code -Dregenerate=true}.
 */
public final class GeneratedFile {
    private GeneratedFile() {}

    /**
     * Fails with the expected content unless the file has it.
     *
     * @param file from the repository's root, for example {@code docs/gateway.schema.json}
     */
    public static void mustHold(String file, String content) throws IOException {
        mustHold(root().resolve(file), content, Boolean.getBoolean("regenerate"));
    }

    static void mustHold(Path path, String content, boolean regenerate) throws IOException {
        if (regenerate) {
            Files.createDirectories(path.toAbsolutePath().getParent());
            Files.writeString(path, content);
        }
        assertThat(Files.exists(path) ? Files.readString(path) : "")
                .as("%s is out of date; run this test with -Dregenerate=true", path)
                .isEqualTo(content);
    }

    private static Path root() {
        Path folder = Path.of("").toAbsolutePath();
        return Files.exists(folder.resolve("gateway-server"))
                ? folder
                : folder.resolve("..").normalize();
    }
}
