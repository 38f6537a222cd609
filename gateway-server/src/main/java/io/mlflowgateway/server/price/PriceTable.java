package io.mlflowgateway.server.price;

import io.mlflowgateway.server.query.Price;
import io.mlflowgateway.server.query.TokenClass;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * The table of prices that comes with the gateway. Its lines are in the order of their bytes and searched where they
 * stand: only the models that are asked for are ever read. Immutable.
 */
public final class PriceTable {
    private static final String RESOURCE = "prices.tsv";

    private final byte[] lines;

    /** @param lines {@code provider/model}, a tab and {@code class=price} each, sorted; comments may stand in front */
    PriceTable(byte[] lines) {
        this.lines = lines.clone();
    }

    /** The one that comes with the gateway, about 70 KB. Blocks. */
    public static PriceTable load() {
        try (InputStream in = PriceTable.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException("no resource " + RESOURCE);
            }
            return new PriceTable(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * What the provider's model costs. A model that was tuned ({@code ft:base:owner::id}) costs what is said of
     * {@code ft:base}.
     */
    public Optional<Price> find(String provider, String model) {
        Optional<Price> price = find(provider + "/" + model);
        int owner = model.startsWith("ft:") ? model.indexOf(':', "ft:".length()) : -1;
        return price.isPresent() || owner < 0 ? price : find(provider + "/" + model.substring(0, owner));
    }

    private Optional<Price> find(String name) {
        byte[] key = (name + "\t").getBytes(StandardCharsets.UTF_8);
        int low = 0;
        int high = lines.length;
        while (low < high) {
            int start = startOfLine((low + high) >>> 1);
            int order = compare(start, key);
            if (order == 0) {
                return Optional.of(price(start + key.length));
            }
            if (order < 0) {
                low = endOfLine(start) + 1;
            } else {
                high = start;
            }
        }
        return Optional.empty();
    }

    private int startOfLine(int at) {
        int start = at;
        while (start > 0 && lines[start - 1] != '\n') {
            start--;
        }
        return start;
    }

    private int endOfLine(int at) {
        int end = at;
        while (end < lines.length && lines[end] != '\n') {
            end++;
        }
        return end;
    }

    /** A line begins with the key, or stands before (negative) or behind the line that would. */
    private int compare(int start, byte[] key) {
        for (int i = 0; i < key.length; i++) {
            int order = start + i < lines.length ? lines[start + i] - key[i] : -1;
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }

    private Price price(int start) {
        String text = new String(lines, start, endOfLine(start) - start, StandardCharsets.US_ASCII);
        String[] steps = text.split(">", -1);
        Price price = Price.of(amounts(steps[0]));
        for (int i = 1; i < steps.length; i++) {
            int end = steps[i].indexOf(' ');
            price = price.above(Long.parseLong(steps[i].substring(0, end)), amounts(steps[i].substring(end)));
        }
        return price;
    }

    private static Map<TokenClass, BigDecimal> amounts(String text) {
        Map<TokenClass, BigDecimal> amounts = new EnumMap<>(TokenClass.class);
        for (String word : text.strip().split(" ", -1)) {
            int equals = word.indexOf('=');
            Optional<TokenClass> each = TokenClass.ofWord(word.substring(0, equals));
            if (each.isPresent()) {
                amounts.put(each.get(), new BigDecimal(word.substring(equals + 1)));
            }
        }
        return amounts;
    }
}
