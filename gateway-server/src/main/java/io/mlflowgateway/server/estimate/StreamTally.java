package io.mlflowgateway.server.estimate;

import io.mlflowgateway.server.json.BodyScanner;
import io.mlflowgateway.server.query.Body;
import io.mlflowgateway.server.query.Notes;
import io.mlflowgateway.server.query.Piece;
import io.mlflowgateway.server.query.Usage;
import java.util.Optional;
import reactor.core.publisher.Mono;

/**
 * How much of a stream has gone out, for one that ends before its provider has told the tokens. By lengths, so that nothing
 * of it need be kept. For one stream; its pieces come one after the other.
 */
final class StreamTally {
    private final long promptBytes;
    private final Notes notes;
    private volatile long saidBytes;
    private volatile Optional<Piece> last = Optional.empty();
    private volatile Usage told = Usage.UNKNOWN;

    StreamTally(Body asked, Notes notes) {
        this.promptBytes = bytes(asked);
        this.notes = notes;
    }

    /** Of a prompt with pictures the words, of any other the JSON: it is not looked through for every stream. */
    private static long bytes(Body asked) {
        long all = asked.members().stream()
                .filter(member -> Words.ASKED.contains(member.name()))
                .mapToLong(member -> member.end() - member.start())
                .sum();
        return all > Words.MOST_BYTES ? Words.asked(asked).bytes() : all;
    }

    /** A piece goes out. */
    void saw(Piece piece) {
        last = Optional.of(piece);
        saidBytes += piece.textBytes();
        piece.usage().ifPresent(usage -> told = usage);
    }

    /** Whether the piece tells something: no count of no tokens, which the guess comes in place of. */
    static boolean says(Piece piece) {
        return !piece.usageOnly() || !piece.usage().equals(Optional.of(Usage.UNKNOWN));
    }

    /** The stream is over before its end, or its caller has left: what went out is noted, where nobody counts it any more. */
    void endsEarly() {
        if (needsGuess()) {
            notes.used(guess());
        }
    }

    /** The chunk with the tokens that a whole stream's provider left out; empty where it did not. */
    Mono<Piece> missing() {
        return needsGuess() ? Mono.justOrEmpty(last.flatMap(this::counted)) : Mono.empty();
    }

    private boolean needsGuess() {
        return last.isPresent() && (told.equals(Usage.UNKNOWN) || told.estimated());
    }

    /** What the provider has told up to then counts, and what went out where that is more. */
    private Usage guess() {
        long said = Tokenizer.byLength(saidBytes);
        if (told.promptTokens() == 0) {
            return new Usage(Tokenizer.byLength(promptBytes), said).asEstimate();
        }
        return told.withOutput(told.output() + Math.max(0, said - told.completionTokens()))
                .asEstimate();
    }

    private Optional<Piece> counted(Piece like) {
        Usage usage = guess();
        try {
            byte[] chunk = BodyScanner.scanAnswer(like.json())
                    .edit()
                    .set("choices", "[]")
                    .set("usage", EstimateUsage.json(usage))
                    .toBytes();
            return Optional.of(new Piece(chunk, Optional.of(usage), true));
        } catch (BodyScanner.Malformed e) {
            notes.used(usage);
            return Optional.empty();
        }
    }
}
