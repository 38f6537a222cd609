package io.mlflowgateway.samples.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChildrenIT {
    @TempDir
    Path folder;

    @Test
    void closing_ends_children_and_what_they_started_themselves() throws IOException {
        Children children = new Children(Optional.empty());
        Process shell = children.start(new ProcessBuilder("sh", "-c", "sleep 300 & echo $!; wait"));
        ProcessHandle grandchild;
        try (BufferedReader said = shell.inputReader()) {
            grandchild = ProcessHandle.of(Long.parseLong(said.readLine())).orElseThrow();
        }

        children.close();

        assertThat(shell.isAlive()).isFalse();
        assertThat(grandchild.isAlive()).isFalse();
    }

    @Test
    void a_child_deaf_to_being_asked_is_made_to_end() throws IOException {
        Children children = new Children(Optional.empty());
        Process deaf =
                children.start(new ProcessBuilder("sh", "-c", "trap '' TERM; echo ready; while :; do sleep 1; done"));
        try (BufferedReader said = deaf.inputReader()) {
            assertThat(said.readLine()).isEqualTo("ready");
        }

        children.close();

        assertThat(deaf.onExit().join().isAlive()).isFalse();
    }

    @Test
    void the_id_file_names_who_runs_and_goes_with_the_last() throws Exception {
        Path ids = folder.resolve("ids");
        Children children = new Children(Optional.of(ids));
        Process first = children.start(new ProcessBuilder("sleep", "300"));
        Process second = children.start(new ProcessBuilder("sleep", "300"));

        assertThat(Files.readAllLines(ids)).containsExactly(first.pid() + "", second.pid() + "");
        children.close();

        assertThat(ids).doesNotExist();
    }

    @Test
    void nothing_starts_after_the_end() {
        Children children = new Children(Optional.empty());
        children.close();

        assertThatThrownBy(() -> children.start(new ProcessBuilder("sleep", "300")))
                .isInstanceOf(IOException.class);
    }
}
