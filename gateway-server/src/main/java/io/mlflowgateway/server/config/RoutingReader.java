package io.mlflowgateway.server.config;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads {@code routing:}, and checks that the targets fit it. */
final class RoutingReader {
    static final String KEY = "routing";
    static final List<String> KEYS = List.of("balance", "sticky-by", "fallback", "retries", "breaker", "hedge");
    static final List<String> OF_RETRIES = List.of("attempts", "backoff", "max-backoff", "budget");
    static final List<String> OF_BREAKER = List.of("failures", "within", "cooldown");
    static final List<String> OF_HEDGE = List.of("budget", "after", "at-least");
    static final int ATTEMPTS = 2;
    static final int MOST_ATTEMPTS = 10;
    static final int MOST_BUDGET = 100 * MOST_ATTEMPTS;
    static final int MOST_FAILURES = 1_000;
    static final Routing.Breaker BREAKER = new Routing.Breaker(5, Duration.ofSeconds(30), Duration.ofSeconds(30));
    static final Routing.Hedge HEDGE = new Routing.Hedge(5, 95, Duration.ofMillis(50));
    static final String STICKY = "(header) ([!#$%&'*+.^_`|~0-9A-Za-z-]{1,64})|(body) ([A-Za-z0-9_.-]{1,64})";
    static final String PERCENTILE = "p([5-9][0-9])";

    private static final Pattern STICKY_BY = Pattern.compile(STICKY);
    private static final Pattern AFTER = Pattern.compile(PERCENTILE);
    private static final Duration MOMENT = Duration.ofMillis(1);
    private static final Duration HOUR = Duration.ofHours(1);

    private RoutingReader() {}

    /** The entry's; what is wrong is in the report. */
    static Routing read(Cursor entry) {
        Optional<Cursor> routing = entry.at(KEY).filter(at -> at.mustBeMapping("a mapping with balance, fallback"));
        routing.ifPresent(at -> at.onlyKnown(KEYS));
        return routing.map(RoutingReader::routing).orElse(Routing.PLAIN);
    }

    private static Routing routing(Cursor at) {
        Routing.Balance balance =
                at.at("balance").flatMap(RoutingReader::balance).orElse(Routing.Balance.WEIGHTED);
        return new Routing(
                balance,
                at.at("sticky-by").flatMap(sticky -> stickyBy(sticky, balance)),
                fallback(at, balance),
                block(at, "retries", OF_RETRIES, RoutingReader::retries).orElse(Routing.Retries.NONE),
                block(at, "breaker", OF_BREAKER, RoutingReader::breaker),
                block(at, "hedge", OF_HEDGE, RoutingReader::hedge));
    }

    private static Optional<Routing.Balance> balance(Cursor at) {
        Optional<String> word = at.text();
        Optional<Routing.Balance> balance = word.flatMap(Routing.Balance::of);
        if (word.isPresent() && balance.isEmpty()) {
            List<String> words = Routing.Balance.words();
            at.problem(Shown.value(word.get()) + " is no balance" + Shown.didYouMean(word.get(), words) + "; one of "
                    + Shown.list(words));
        }
        return balance;
    }

    private static Optional<Routing.StickyKey> stickyBy(Cursor at, Routing.Balance balance) {
        Optional<String> text = at.text();
        Optional<Matcher> form = text.map(STICKY_BY::matcher).filter(Matcher::matches);
        if (text.isPresent() && form.isEmpty()) {
            at.problem("must be header and a header's name (header x-session-id) or body and the name of a member"
                    + " (body user), found " + Shown.value(text.get()));
        }
        if (balance != Routing.Balance.WEIGHTED) {
            at.problem("goes with balance 'weighted' only, found '" + balance.word() + "'");
        }
        return form.map(RoutingReader::stickyKey);
    }

    private static Routing.StickyKey stickyKey(Matcher form) {
        return form.group(1) != null
                ? new Routing.StickyKey(
                        Routing.StickyKey.Place.HEADER, form.group(2).toLowerCase(Locale.ROOT))
                : new Routing.StickyKey(Routing.StickyKey.Place.BODY, form.group(4));
    }

    private static boolean fallback(Cursor routing, Routing.Balance balance) {
        Optional<Cursor> at = routing.at("fallback");
        boolean ordered = balance == Routing.Balance.IN_ORDER;
        boolean fallback = at.flatMap(Scalars::flag).orElse(ordered);
        if (ordered && !fallback) {
            at.ifPresent(found -> found.problem("is off, but balance 'in-order' is nothing without it"));
        }
        return fallback;
    }

    private static <T> Optional<T> block(
            Cursor routing, String key, List<String> known, BiFunction<Cursor, Values, T> read) {
        Optional<Cursor> block = routing.at(key).filter(at -> at.mustBeMapping("a mapping with " + known.get(0)));
        block.ifPresent(at -> at.onlyKnown(known));
        return block.map(at -> read.apply(at, new Values(at)));
    }

    /** The values of one block, each with what holds where nothing (good) is written. */
    private record Values(Cursor block) {
        int count(String key, int least, int most, int otherwise) {
            return block.at(key).flatMap(at -> Scalars.count(at, least, most)).orElse(otherwise);
        }

        Duration time(String key, Duration least, Duration otherwise) {
            return block.at(key)
                    .flatMap(at -> Scalars.duration(at, least, HOUR))
                    .orElse(otherwise);
        }
    }

    private static Routing.Retries retries(Cursor at, Values values) {
        Routing.Retries standard = Routing.Retries.NONE;
        Duration backoff = values.time("backoff", MOMENT, standard.backoff());
        Duration most = values.time("max-backoff", MOMENT, standard.maxBackoff());
        if (backoff.compareTo(most) > 0) {
            at.problem("backoff is longer than max-backoff (" + Amount.ofMillis(backoff.toMillis()) + ", "
                    + Amount.ofMillis(most.toMillis()) + ")");
        }
        return new Routing.Retries(
                values.count("attempts", 0, MOST_ATTEMPTS, ATTEMPTS),
                backoff,
                most,
                values.count("budget", 1, MOST_BUDGET, standard.budgetPercent()));
    }

    private static Routing.Breaker breaker(Cursor at, Values values) {
        return new Routing.Breaker(
                values.count("failures", 1, MOST_FAILURES, BREAKER.failures()),
                values.time("within", MOMENT, BREAKER.within()),
                values.time("cooldown", MOMENT, BREAKER.cooldown()));
    }

    private static Routing.Hedge hedge(Cursor at, Values values) {
        int after = at.at("after").flatMap(RoutingReader::percentile).orElse(HEDGE.afterPercentile());
        return new Routing.Hedge(
                values.count("budget", 1, 100, HEDGE.budgetPercent()),
                after,
                values.time("at-least", Duration.ZERO, HEDGE.atLeast()));
    }

    private static Optional<Integer> percentile(Cursor at) {
        Optional<String> text = at.text();
        Optional<Integer> after =
                text.map(AFTER::matcher).filter(Matcher::matches).map(form -> Integer.valueOf(form.group(1)));
        if (text.isPresent() && after.isEmpty()) {
            at.problem("must be p50 to p99, found " + Shown.value(text.get()));
        }
        return after;
    }

    /**
     * Reports targets that do not fit the routing.
     *
     * @param list where they stand, in the same order; fewer or more where some had problems of their own
     */
    static void check(Routing routing, List<RouteConfig.Target> targets, Cursor list) {
        boolean allRead = list.tree() instanceof Tree.Items && list.items().size() == targets.size();
        for (int i = 0; allRead && i < targets.size(); i++) {
            check(routing, targets.get(i), list.items().get(i));
        }
    }

    /** Warns of what needs a choice where the entry has one target. */
    static void warnOfNoChoice(Cursor entry, Routing routing, List<RouteConfig.Target> targets) {
        boolean chooses = routing.balance() != Routing.Balance.WEIGHTED
                || routing.stickyBy().isPresent()
                || routing.fallback();
        if (targets.size() == 1 && chooses) {
            entry.at(KEY)
                    .ifPresent(
                            at -> at.warning("balance, sticky-by and fallback do nothing where there is one target"));
        }
    }

    private static void check(Routing routing, RouteConfig.Target target, Cursor item) {
        if (routing.balance() == Routing.Balance.CHEAPEST && !item.has(TargetsReader.PRICE)) {
            item.missing(TargetsReader.PRICE, "is missing; balance 'cheapest' needs it: {input: 0.15, output: 0.6}");
        }
        if (target.weight() == 0 && !routing.fallback()) {
            item.problem("is asked only when others fail (0), which needs routing: {fallback: true}");
        }
    }
}
