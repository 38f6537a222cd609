package io.mlflowgateway.server.config;

import io.mlflowgateway.server.price.PriceTable;
import io.mlflowgateway.server.query.Price;
import io.mlflowgateway.server.query.Pricing;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Says what each target's tokens cost: by its own {@code price:}, by the file's {@code prices:}, by the table that comes
 * with the gateway, or by what the file says of unknown prices, in this order. One instance reads one file; the table is
 * opened for the first target that needs it.
 */
final class Pricer {
    static final String PRICES = "prices";
    static final String UNKNOWN = "unknown_price";
    static final String DEFAULT = "default_price";

    private final Map<String, RouteConfig.Price> prices;
    private final UnknownPrice unknown;
    private final Optional<Price> standIn;
    private final Set<String> used = new HashSet<>();
    private final Map<String, Optional<Price>> looked = new LinkedHashMap<>();
    private Optional<PriceTable> table = Optional.empty();

    private Pricer(Map<String, RouteConfig.Price> prices, UnknownPrice unknown, Optional<Price> standIn) {
        this.prices = prices;
        this.unknown = unknown;
        this.standIn = standIn;
    }

    /** By the top level of the file; what is wrong there is in the report. */
    static Pricer of(Cursor document) {
        Map<String, RouteConfig.Price> prices = new LinkedHashMap<>();
        document.at(PRICES)
                .filter(at -> at.mustBeMapping("a mapping of models to prices"))
                .ifPresent(at -> at.fields().keySet().forEach(name -> read(at, name, prices)));
        Optional<Price> standIn =
                document.at(DEFAULT).flatMap(PriceReader::read).map(RouteConfig.Price::reckoned);
        Pricer pricer = new Pricer(prices, UnknownPrice.ZERO, standIn);
        return new Pricer(prices, pricer.policy(document), standIn);
    }

    private static void read(Cursor at, String name, Map<String, RouteConfig.Price> prices) {
        if (at.at(name).isEmpty()) {
            at.missing(name, "has no price; a mapping with input and output was expected");
        }
        at.at(name).flatMap(PriceReader::read).ifPresent(price -> prices.put(name, price));
    }

    /** What is written here of unknown prices, or else what holds for the file. */
    private UnknownPrice policy(Cursor here) {
        Optional<Cursor> at = here.at(UNKNOWN);
        Optional<String> word = at.flatMap(Cursor::text);
        Optional<UnknownPrice> policy = word.flatMap(UnknownPrice::of);
        List<String> words = UnknownPrice.words();
        word.filter(text -> policy.isEmpty())
                .ifPresent(text -> at.get()
                        .problem("must be one of " + Shown.list(words) + ", found " + Shown.value(text)
                                + Shown.didYouMean(text, words)));
        if (policy.filter(UnknownPrice.DEFAULT::equals).isPresent() && standIn.isEmpty()) {
            at.get().problem("is default, and the file has no good default_price: {input: 2.5, output: 10}");
        }
        return policy.orElse(unknown);
    }

    /** The targets, each with what is known of its price. */
    List<RouteConfig.Target> priced(Cursor entry, List<RouteConfig.Target> targets) {
        UnknownPrice policy = policy(entry);
        return targets.stream()
                .map(target -> target.priced(pricing(entry, target, policy)))
                .toList();
    }

    private Pricing pricing(Cursor entry, RouteConfig.Target target, UnknownPrice policy) {
        Optional<Price> own = target.price().map(RouteConfig.Price::reckoned);
        Optional<Price> price = named(target).or(() -> inTable(target));
        if (own.isPresent() || price.isPresent()) {
            return Pricing.of(own.or(() -> price).get());
        }
        if (policy == UnknownPrice.DENY) {
            entry.warning("nobody knows what '" + name(target)
                    + "' costs, and its calls are refused; give it a price under " + PRICES);
        }
        return switch (policy) {
            case ZERO -> Pricing.UNKNOWN;
            case DENY -> Pricing.REFUSED;
            case DEFAULT -> standIn.map(Pricing::assumed).orElse(Pricing.UNKNOWN);
        };
    }

    private Optional<Price> named(RouteConfig.Target target) {
        Optional<String> name = Stream.of(name(target), target.model())
                .filter(prices::containsKey)
                .findFirst();
        name.ifPresent(used::add);
        return name.map(prices::get).map(RouteConfig.Price::reckoned);
    }

    private Optional<Price> inTable(RouteConfig.Target target) {
        return target.model().isEmpty()
                ? Optional.empty()
                : looked.computeIfAbsent(name(target), name -> table().find(seller(target), target.model()));
    }

    private PriceTable table() {
        PriceTable open = table.orElseGet(PriceTable::load);
        table = Optional.of(open);
        return open;
    }

    /** Azure's models have prices of their own. */
    private static String seller(RouteConfig.Target target) {
        boolean azure = target.settings()
                .text("openai_api_type")
                .filter(type -> type.startsWith("azure"))
                .isPresent();
        return azure ? "azure" : target.provider();
    }

    /** As the file would write it. */
    private static String name(RouteConfig.Target target) {
        return target.model().isEmpty() ? target.provider() : seller(target) + "/" + target.model();
    }

    /** Warns of prices that are no target's. */
    void warnOfUnused(Cursor document) {
        document.at(PRICES)
                .ifPresent(at -> prices.keySet().stream()
                        .filter(name -> !used.contains(name))
                        .flatMap(name -> at.at(name).stream())
                        .forEach(unused -> unused.warning("is the price of no target of this file")));
    }
}
