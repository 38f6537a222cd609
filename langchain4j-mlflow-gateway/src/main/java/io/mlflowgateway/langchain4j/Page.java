package io.mlflowgateway.langchain4j;

import java.util.List;
import java.util.Optional;

/**
 * One page of a list.
 *
 * @param items in the server's order
 * @param nextPageToken what to ask the next page with; empty on the last
 * @param <T> what is listed
 */
public record Page<T>(List<T> items, Optional<String> nextPageToken) {
    /** Copies the items. */
    public Page {
        items = List.copyOf(items);
    }
}
