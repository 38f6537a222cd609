package io.mlflowgateway.samples.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GatewayFileTest {
    @TempDir
    Path folder;

    private Path path;
    private GatewayFile file;

    @BeforeEach
    void write() throws IOException {
        path = Files.writeString(folder.resolve("gateway.yaml"), "name: one\n");
        file = new GatewayFile(path);
    }

    @Test
    void changes_add_up_and_leave_no_other_file_behind() throws IOException {
        file.append("other: two\n");
        file.replace("name: one", "name: three");

        assertThat(path).hasContent("name: three\nother: two\n");
        assertThat(folder).isDirectoryNotContaining(other -> !other.equals(path));
    }

    @Test
    void a_change_that_finds_nothing_to_change_fails() {
        assertThatThrownBy(() -> file.replace("absent", "x"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("absent");

        assertThat(path).hasContent("name: one\n");
    }
}
