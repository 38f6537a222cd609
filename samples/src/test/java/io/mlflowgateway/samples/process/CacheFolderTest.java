package io.mlflowgateway.samples.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CacheFolderTest {
    @TempDir
    Path home;

    @Test
    void the_users_cache_folder_is_taken_from_the_environment() throws IOException {
        Path set = home.resolve("set");

        Path folder = CacheFolder.of(Map.of("XDG_CACHE_HOME", set.toString()), home.toString())
                .folder("models");

        assertThat(folder).isEqualTo(set.resolve("mlflow-gateway/models")).isDirectory();
    }

    @Test
    void without_one_it_is_below_the_home_folder_and_a_relative_one_counts_as_none() throws IOException {
        Path expected = home.resolve(".cache/mlflow-gateway/models");

        assertThat(CacheFolder.of(Map.of(), home.toString()).folder("models")).isEqualTo(expected);
        assertThat(CacheFolder.of(Map.of("XDG_CACHE_HOME", "caches"), home.toString())
                        .folder("models"))
                .isEqualTo(expected);
    }

    @Test
    void the_home_folder_is_the_one_of_the_environment_when_it_names_one() throws IOException {
        Map<String, String> environment = Map.of("HOME", home.resolve("other").toString());

        Path folder = CacheFolder.of(environment, home.toString()).folder("models");

        assertThat(folder).isEqualTo(home.resolve("other/.cache/mlflow-gateway/models"));
    }
}
