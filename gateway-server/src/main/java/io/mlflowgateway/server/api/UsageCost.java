package io.mlflowgateway.server.api;

import io.mlflowgateway.server.json.BodyScanner;
import io.mlflowgateway.server.query.Body;
import io.mlflowgateway.server.query.Body.Kind;
import io.mlflowgateway.server.query.Body.Member;
import io.mlflowgateway.server.query.Notes;
import io.mlflowgateway.server.query.Piece;
import io.mlflowgateway.server.query.Usd;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Tells in a stream what it cost, where the caller asked for its usage: a member {@code cost} of {@code usage}, in US
 * dollars. A stream's head is gone by the time its tokens are counted.
 */
final class UsageCost {
    private UsageCost() {}

    /** The chunk as it is sent: its own bytes but where it counts tokens whose price is known. */
    static byte[] told(Piece piece, Notes notes) {
        boolean isLast = piece.usageOnly()
                || piece.usage().filter(usage -> !usage.estimated()).isPresent();
        OptionalLong cost = isLast ? notes.costPicoUsd() : OptionalLong.empty();
        return cost.isPresent() ? with(piece.json(), Usd.text(cost.getAsLong())) : piece.json();
    }

    private static byte[] with(byte[] json, String cost) {
        try {
            Body chunk = BodyScanner.scan(json);
            Optional<Member> usage = chunk.member("usage").filter(member -> member.kind() == Kind.OBJECT);
            if (usage.isEmpty()) {
                return json;
            }
            byte[] counts = chunk.raw(usage.get()).getBytes(StandardCharsets.UTF_8);
            byte[] more = BodyScanner.scan(counts).edit().set("cost", cost).toBytes();
            return chunk.edit()
                    .set("usage", new String(more, StandardCharsets.UTF_8))
                    .toBytes();
        } catch (BodyScanner.Malformed e) {
            // A name stands twice: the provider's words are handed on as they are.
            return json;
        }
    }
}
