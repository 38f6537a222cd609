package io.mlflowgateway.samples.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Where downloads are kept between runs: {@code $XDG_CACHE_HOME/mlflow-gateway}, else {@code ~/.cache/mlflow-gateway}. */
public final class CacheFolder {
    private final Path root;

    public CacheFolder(Path root) {
        this.root = root;
    }

    public static CacheFolder ofUser() {
        return of(System.getenv(), System.getProperty("user.home"));
    }

    /** A relative {@code XDG_CACHE_HOME} counts as none (XDG Base Directory Specification). */
    static CacheFolder of(Map<String, String> environment, String home) {
        Path set = Path.of(environment.getOrDefault("XDG_CACHE_HOME", ""));
        Path caches = set.isAbsolute() ? set : Path.of(home, ".cache");
        return new CacheFolder(caches.resolve("mlflow-gateway"));
    }

    /** The folder of this name, made if it is missing. */
    public Path folder(String name) throws IOException {
        return Files.createDirectories(root.resolve(name));
    }
}
