package io.mlflowgateway.server.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GeneratedFileTest {
    @TempDir
    private Path folder;

    @Test
    void a_file_out_of_date_or_missing_fails_with_what_it_should_hold() throws Exception {
        Path stale = Files.writeString(folder.resolve("stale"), "old");

        assertThatThrownBy(() -> GeneratedFile.mustHold(stale, "new", false))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("-Dregenerate=true")
                .hasMessageContaining("new");
        assertThatThrownBy(() -> GeneratedFile.mustHold(folder.resolve("none"), "new", false))
                .isInstanceOf(AssertionError.class);
    }

    @Test
    void a_file_made_anew_holds_what_it_should() throws Exception {
        Path file = folder.resolve("docs/file");

        GeneratedFile.mustHold(file, "new", true);

        assertThat(file).hasContent("new");
        assertThatCode(() -> GeneratedFile.mustHold(file, "new", false)).doesNotThrowAnyException();
    }
}
