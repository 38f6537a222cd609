package io.mlflowgateway.server.provider.parameter;

import io.mlflowgateway.server.query.Query;
import java.util.List;
import java.util.Map;

/**
 * What of a query goes to a provider.
 *
 * @param query without what the provider has no place for
 * @param dropped names of what was left out, in the caller's order: plain enough for a header, and bounded
 * @param forwarded what is to be sent all the same, as JSON text by name
 */
public record Admitted(Query query, List<String> dropped, Map<String, String> forwarded) {
    public Admitted {
        dropped = List.copyOf(dropped);
        forwarded = Map.copyOf(forwarded);
    }
}
