package io.mlflowgateway.samples.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Where downloads are kept between runs: {@code $XDG_CACHE_HOME/mlflow-gateway}, else {@code ~/.cache/mlflow-gateway}. */
public final class CacheFolder {
    private final Path root;

    public CacheFolder(Path root) {
        this.root = root;
    }

    public static CacheFolder ofUser() {
        return of(System.getenv(), System.getProperty("user.home"));
    }

    /**
     * A relative {@code XDG_CACHE_HOME} counts as none (XDG Base Directory Specification).
     *
     * @param home for where {@code HOME} is not set; Java reads it from the list of users, which knows no {@code HOME}
     */
    static CacheFolder of(Map<String, String> environment, String home) {
        Path caches = absolute(environment, "XDG_CACHE_HOME")
                .orElseGet(() ->
                        absolute(environment, "HOME").orElse(Path.of(home)).resolve(".cache"));
        return new CacheFolder(caches.resolve("mlflow-gateway"));
    }

    private static Optional<Path> absolute(Map<String, String> environment, String name) {
        return Optional.ofNullable(environment.get(name)).map(Path::of).filter(Path::isAbsolute);
    }

    /** The folder of this name, made if it is missing. */
    public Path folder(String name) throws IOException {
        return Files.createDirectories(root.resolve(name));
    }
}
