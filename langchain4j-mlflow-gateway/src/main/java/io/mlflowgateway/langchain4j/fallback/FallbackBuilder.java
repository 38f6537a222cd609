package io.mlflowgateway.langchain4j.fallback;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What the builders of this package share. Every setter accepts null, which means "not set".
 *
 * @param <M> the kind of model
 * @param <B> the builder itself
 */
public abstract class FallbackBuilder<M, B extends FallbackBuilder<M, B>> {

    private static final Duration COOL_DOWN = Duration.ofSeconds(10);
    private static final Duration MAX_COOL_DOWN = Duration.ofMinutes(5);

    private final List<Given<M>> given = new ArrayList<>();
    private @Nullable FallbackOrder order;
    private @Nullable Duration coolDown;
    private @Nullable Duration maxCoolDown;
    private @Nullable Integer maxTries;
    private @Nullable Predicate<Throwable> fallbackOn;

    /** For the builders of this package. */
    FallbackBuilder() {}

    /**
     * Adds members, named after their models or routes.
     *
     * @param models in the order in which they are tried
     * @return this builder
     */
    public B models(@Nullable List<? extends M> models) {
        if (models != null) {
            models.forEach(model -> model(null, model));
        }
        return self();
    }

    /**
     * Adds members, named after their models or routes.
     *
     * @param models in the order in which they are tried
     * @return this builder
     */
    @SafeVarargs
    @SuppressWarnings("varargs") // only read
    public final B models(M @Nullable ... models) {
        return models(models == null ? null : Arrays.asList(models));
    }

    /**
     * Adds a member.
     *
     * @param name told in metadata; null for that of its model or route
     * @param model any model; it stays the caller's to close
     * @return this builder
     */
    public B model(@Nullable String name, @Nullable M model) {
        return model(name, model, null);
    }

    /**
     * Adds a member of a pool.
     *
     * @param name told in metadata; null for that of its model or route
     * @param model any model; it stays the caller's to close
     * @param weight how often it is called compared to the others in {@link FallbackOrder#ROUND_ROBIN}; at least 1, which
     *     is the default
     * @return this builder
     */
    public B model(@Nullable String name, @Nullable M model, @Nullable Integer weight) {
        if (model != null) {
            given.add(new Given<>(name == null ? nameOf(model) : name, model, weight == null ? 1 : weight));
        }
        return self();
    }

    /**
     * Which member is tried first.
     *
     * @param order default: {@link FallbackOrder#IN_ORDER}
     * @return this builder
     */
    public B order(@Nullable FallbackOrder order) {
        this.order = order;
        return self();
    }

    /**
     * How long a member that failed is tried only after all others. Where its server said {@code Retry-After}, that holds
     * instead, and until then the member is not called at all.
     *
     * @param coolDown zero or more; default: 10 seconds
     * @return this builder
     */
    public B coolDown(@Nullable Duration coolDown) {
        this.coolDown = coolDown;
        return self();
    }

    /**
     * The longest {@code Retry-After} that is believed.
     *
     * @param maxCoolDown zero or more; default: 5 minutes
     * @return this builder
     */
    public B maxCoolDown(@Nullable Duration maxCoolDown) {
        this.maxCoolDown = maxCoolDown;
        return self();
    }

    /**
     * How many members are tried in one call. No member is tried twice in a call, but may make attempts of its own, as its
     * {@code maxRetries} says.
     *
     * @param maxTries at least 1; default: as many as there are
     * @return this builder
     */
    public B maxTries(@Nullable Integer maxTries) {
        this.maxTries = maxTries;
        return self();
    }

    /**
     * After which failures the next member is tried. All others are the caller's at once.
     *
     * @param fallbackOn default: LangChain4j's retriable failures, a route or model that is not there (404), and
     *     connections that failed or broke
     * @return this builder
     */
    public B fallbackOn(@Nullable Predicate<Throwable> fallbackOn) {
        this.fallbackOn = fallbackOn;
        return self();
    }

    /** What a model calls itself. */
    abstract String nameOf(M model);

    final Members<M> members() {
        if (given.isEmpty()) {
            throw new IllegalArgumentException("at least one model is needed");
        }
        int tries = maxTries == null ? given.size() : maxTries;
        if (tries < 1) {
            throw new IllegalArgumentException("maxTries must be at least 1, but is " + tries);
        }
        return new Members<>(
                named(),
                order == null ? FallbackOrder.IN_ORDER : order,
                new Members.Rests(
                        rest("coolDown", coolDown, COOL_DOWN), rest("maxCoolDown", maxCoolDown, MAX_COOL_DOWN)),
                tries,
                fallbackOn == null ? Worthwhile::after : fallbackOn,
                System::nanoTime);
    }

    private static Duration rest(String name, @Nullable Duration wanted, Duration otherwise) {
        Duration rest = wanted == null ? otherwise : wanted;
        if (rest.isNegative()) {
            throw new IllegalArgumentException(name + " must be zero or more, but is " + rest);
        }
        return rest;
    }

    /** Two members of one name would not be told apart: the second gets its place behind the name. */
    private List<Member<M>> named() {
        Set<String> taken = new HashSet<>();
        List<Member<M>> members = new ArrayList<>();
        for (Given<M> one : given) {
            String name = taken.add(one.name()) ? one.name() : one.name() + "#" + (members.size() + 1);
            members.add(new Member<>(name, one.model(), one.weight()));
        }
        return members;
    }

    @SuppressWarnings("unchecked")
    final B self() {
        return (B) this;
    }

    /** Names the type only. */
    @Override
    public String toString() {
        return getClass().getSimpleName();
    }

    private record Given<M>(String name, M model, int weight) {}
}
