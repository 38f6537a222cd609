package io.mlflowgateway.server.log;

import io.mlflowgateway.server.secret.Secret;
import java.util.Collection;

/** What a gateway tells the log of its process, and asks of it. */
public interface LogControl {
    /** For a gateway inside another program, whose log is that program's own. */
    LogControl NONE = new LogControl() {
        @Override
        public void keepOut(Collection<Secret> secrets) {}

        @Override
        public void keepOutToo(Secret fetched) {}

        @Override
        public long dropped() {
            return 0;
        }
    };

    /** From now on these secrets are in use: no line may hold one. Those of before are still kept out. */
    void keepOut(Collection<Secret> secrets);

    /** No line may hold this one either, which came while running; the newest 1,000 of them are kept out. For any thread. */
    void keepOutToo(Secret fetched);

    /** How many lines were lost because nobody read them. */
    long dropped();
}
