package io.mlflowgateway.server.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads configuration files of every MLflow generation, all forms in one file if need be: {@code routes:} with
 * {@code route_type} (2.5-2.8), {@code endpoints:} with {@code endpoint_type} (2.9 and later; either section takes
 * either spelling), traffic splits (3.x), and our own {@code credentials:} and {@code server:} blocks. Shapes: MLflow's gateway configuration.
 *
 * <p>Everything that is wrong is reported at once, with file and line, and without a secret's value. Thread-safe.
 */
public final class ConfigReader {
    private static final String ROUTES = "routes";
    private static final String ENDPOINTS = "endpoints";
    private static final List<String> KEYS = List.of(
            ROUTES, ENDPOINTS, CredentialsReader.KEY, ServerBlock.KEY, Pricer.PRICES, Pricer.UNKNOWN, Pricer.DEFAULT);

    private final ProviderSpecs providers;
    private final SecretSource secrets;

    /**
     * @param providers what a route may name
     * @param environment where {@code $VARIABLE} credentials come from
     */
    public ConfigReader(List<ProviderSpec> providers, Map<String, String> environment) {
        this.providers = new ProviderSpecs(providers);
        this.secrets = new SecretSource(environment);
    }

    /**
     * Reads a file, its bytes once. Blocks.
     *
     * @throws InvalidConfig with everything that is wrong, also when there is no such file
     */
    public GatewayConfig read(Path file) throws InvalidConfig {
        return read(file.toString(), ConfigBytes.of(file));
    }

    /**
     * Reads a file's content. Blocks where it names files that hold credentials.
     *
     * @param fileName as it is to stand in messages
     * @throws InvalidConfig with everything that is wrong
     */
    public GatewayConfig read(String fileName, byte[] bytes) throws InvalidConfig {
        Report report = new Report(fileName);
        List<RouteConfig> routes = new ArrayList<>();
        Map<String, String> server = new HashMap<>();
        Optional<Cursor> document = ConfigBytes.text(bytes, report)
                .flatMap(text -> YamlTree.read(text, report))
                .map(tree -> Cursor.root(tree, report))
                .filter(ConfigReader::isConfiguration);
        if (document.isPresent()) {
            routes.addAll(routes(document.get()));
            server.putAll(ServerBlock.read(document.get()));
        }
        report.failIfAny();
        return new GatewayConfig(routes, server, report.warnings(), ConfigBytes.version(bytes));
    }

    /**
     * The version a file has, whether it can be used or not. Blocks.
     *
     * @throws InvalidConfig when it cannot be read
     */
    public static String version(Path file) throws InvalidConfig {
        return ConfigBytes.version(ConfigBytes.of(file));
    }

    private static boolean isConfiguration(Cursor document) {
        if (!document.mustBeMapping("a mapping with routes or endpoints")) {
            return false;
        }
        // Keys that begin with x- are a place to keep anchors, as in Compose files.
        List<String> known = new ArrayList<>(KEYS);
        document.fields().keySet().stream().filter(key -> key.startsWith("x-")).forEach(known::add);
        document.onlyKnown(known);
        if (!document.has(ROUTES) && !document.has(ENDPOINTS)) {
            document.problem("has neither routes nor endpoints; an empty list (endpoints: []) is allowed"
                    + document.fields().keySet().stream()
                            .map(key -> Shown.didYouMean(key, KEYS))
                            .filter(meant -> !meant.isEmpty())
                            .findFirst()
                            .orElse(""));
        }
        return true;
    }

    /** One entry, found good or not. */
    private record Entry(Cursor at, boolean split, Optional<String> name, Optional<RouteConfig> plain) {}

    private List<RouteConfig> routes(Cursor document) {
        Pricer pricer = Pricer.of(document);
        NamedCredentials credentials = new CredentialsReader(secrets).read(document);
        TargetReader targets = new TargetReader(providers, new SettingsReader(secrets), credentials);
        EntryReader reader = new EntryReader(targets, pricer);
        List<Entry> entries = document.fields().keySet().stream()
                .filter(key -> key.equals(ROUTES) || key.equals(ENDPOINTS))
                .flatMap(section -> entries(document, section).stream()
                        .filter(at -> at.mustBeMapping("a mapping with name, type and model"))
                        .map(at -> entry(reader, at, section)))
                .toList();
        // Splits may stand above the endpoints they send to, so they are read when all names are known.
        Map<String, Optional<RouteConfig>> endpoints = new HashMap<>();
        entries.stream()
                .filter(entry -> !entry.split())
                .forEach(entry -> entry.name().ifPresent(name -> endpoints.put(name, entry.plain())));
        credentials.warnOfUnused();
        SplitReader splits = new SplitReader(endpoints, pricer);
        List<RouteConfig> routes = entries.stream()
                .map(entry -> entry.split() ? splits.read(entry.at(), entry.name()) : entry.plain())
                .flatMap(Optional::stream)
                .toList();
        pricer.warnOfUnused(document);
        return routes;
    }

    private static List<Cursor> entries(Cursor document, String section) {
        Optional<Cursor> at = document.at(section);
        if (at.isEmpty()) {
            document.missing(section, "a list was expected, found nothing; an empty list is written []");
        }
        return at.map(Cursor::items).orElse(List.of());
    }

    private static Entry entry(EntryReader reader, Cursor at, String section) {
        Optional<String> name = reader.name(at);
        boolean split = section.equals(ROUTES) && SplitReader.isSplit(at);
        return new Entry(at, split, name, split ? Optional.empty() : reader.read(at, name));
    }
}
