package io.mlflowgateway.server.usage;

import io.mlflowgateway.server.query.Call;
import io.mlflowgateway.server.query.Next;
import io.mlflowgateway.server.query.Notes;
import io.mlflowgateway.server.query.Piece;
import io.mlflowgateway.server.query.Reply;
import io.mlflowgateway.server.query.Stage;
import reactor.core.publisher.Mono;

/** Notes what a call uses: its tokens, how long its answer took to begin, and an end that nobody knows. Outermost, so it sees every call. */
public final class RecordUsage implements Stage {
    @Override
    public Mono<Reply> handle(Call call, Next next) {
        Notes notes = call.notes();
        return next.proceed(call).map(reply -> noted(reply, notes));
    }

    private static Reply noted(Reply reply, Notes notes) {
        if (reply instanceof Reply.Whole whole) {
            notes.answerBegins();
            notes.used(whole.usage());
            noteEnd(whole.endsUnknown(), notes);
        }
        return reply.mapPieces(pieces -> pieces.doOnNext(piece -> note(piece, notes)));
    }

    private static void note(Piece piece, Notes notes) {
        notes.answerBegins();
        piece.usage().ifPresent(notes::used);
        noteEnd(piece.endsUnknown(), notes);
    }

    private static void noteEnd(boolean isUnknown, Notes notes) {
        if (isUnknown) {
            notes.endsUnknown();
        }
    }
}
