package io.mlflowgateway.server.config;

import io.mlflowgateway.server.query.Task;
import java.util.List;
import java.util.Optional;

/** Reads a {@code model:} block: provider, model name, settings. */
final class TargetReader {
    static final String CREDENTIAL = "credential";
    private static final List<String> KEYS = List.of("provider", "name", CREDENTIAL, "config");

    private final ProviderSpecs providers;
    private final SettingsReader settings;
    private final NamedCredentials credentials;

    /** @param credentials of the same file */
    TargetReader(ProviderSpecs providers, SettingsReader settings, NamedCredentials credentials) {
        this.providers = providers;
        this.settings = settings;
        this.credentials = credentials;
    }

    /**
     * The target of an entry, named for provider and model; what is wrong is in the report.
     *
     * @param task what the route is for, where that is known
     */
    Optional<RouteConfig.Target> read(Cursor entry, Optional<Task> task) {
        Optional<Cursor> model = entry.at("model");
        if (model.isEmpty()) {
            entry.missing("model", "is missing; it names provider, model and config");
            return Optional.empty();
        }
        if (!model.get().mustBeMapping("a mapping with provider, name and config")) {
            return Optional.empty();
        }
        model.get().onlyKnown(KEYS);
        return provider(model.get()).map(spec -> target(spec, model.get(), task));
    }

    private Optional<ProviderSpec> provider(Cursor model) {
        Optional<Cursor> at = model.at("provider");
        if (at.isEmpty()) {
            model.missing("provider", "is missing; one of " + Shown.list(providers.names()));
            return Optional.empty();
        }
        Optional<String> name = at.get().text();
        Optional<ProviderSpec> spec = name.flatMap(providers::find);
        if (name.isPresent() && spec.isEmpty()) {
            at.get()
                    .problem(Shown.value(name.get()) + " is no provider of this gateway"
                            + Shown.didYouMean(name.get(), providers.names()) + "; one of "
                            + Shown.list(providers.names()));
        }
        return spec;
    }

    private RouteConfig.Target target(ProviderSpec spec, Cursor model, Optional<Task> task) {
        if (task.isPresent() && !spec.tasks().contains(task.get())) {
            model.at("provider")
                    .ifPresent(at -> at.problem("provider '" + spec.name() + "' cannot do "
                            + task.get().wireName()
                            + "; it can do "
                            + Shown.list(spec.tasks().stream()
                                    .sorted()
                                    .map(Task::wireName)
                                    .toList())));
        }
        Optional<Cursor> name = model.at("name");
        if (name.isEmpty() && spec.modelRequired()) {
            model.missing("name", "is missing; provider '" + spec.name() + "' must be told which model to use");
        }
        String text = name.flatMap(TargetReader::modelName).orElse("");
        var credential = model.at(CREDENTIAL).flatMap(at -> credentials.find(at, spec));
        String shown = text.isEmpty() ? spec.name() : spec.name() + "/" + text;
        return new RouteConfig.Target(shown, spec.name(), text, settings.read(spec, model, credential), 100);
    }

    private static Optional<String> modelName(Cursor at) {
        Optional<String> name = at.text().map(String::strip);
        if (name.isPresent() && name.get().chars().anyMatch(Character::isISOControl)) {
            at.problem("has a line break or another control character inside");
        }
        return name;
    }
}
