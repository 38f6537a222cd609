package io.mlflowgateway.server.config;

import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the file when told to, and takes over what changed once nobody writes to it any more: the bytes are read
 * once, and those bytes are compared, checked and handed over. What cannot be used leaves everything as it was, and is
 * reported once. One thread calls {@link #look}; any may ask for the last outcome.
 */
final class Reloader {
    private static final Logger LOG = LoggerFactory.getLogger(Reloader.class);

    /** So often an unusable file is checked again though its bytes are the same: a key's file may have come since. */
    private static final int LOOKS_UNTIL_NEXT_TRY = 10;

    private final Path file;
    private final ConfigReader reader;
    private final Clock clock;
    private final Settling settling;
    private final Consumer<GatewayConfig> onChange;
    private final Consumer<ReloadOutcome> onOutcome;
    private final Map<String, String> serverAtStart;
    private GatewayConfig inForce;
    private String lastSeen;
    private int looksSinceTry;
    private volatile ReloadOutcome last;

    Reloader(
            Path file,
            ConfigReader reader,
            GatewayConfig first,
            Clock clock,
            LongSupplier nanoClock,
            Consumer<GatewayConfig> onChange,
            Consumer<ReloadOutcome> onOutcome) {
        this.file = file;
        this.reader = reader;
        this.clock = clock;
        this.settling = new Settling(nanoClock);
        this.onChange = onChange;
        this.onOutcome = onOutcome;
        this.serverAtStart = first.server();
        this.inForce = first;
        this.lastSeen = first.version();
        this.last = ReloadOutcome.inForce(first, first.warnings(), clock.instant());
    }

    ReloadOutcome last() {
        return last;
    }

    /**
     * Reads the file and acts on what is new. Blocks.
     *
     * @return false while the file may still be being written: another look is due before {@link Settling#QUIET} is over
     */
    boolean look() {
        Sight sight = Sight.of(file);
        // Reading is cut short when the watch is closed; that says nothing about the file.
        if (Thread.currentThread().isInterrupted()) {
            return true;
        }
        if (sight.mark().equals(lastSeen)) {
            settling.forget();
            if (isTimeToTryAgain()) {
                take(sight);
            }
            return true;
        }
        Settling.State state = settling.sees(sight.mark(), sight.leftAloneFor(clock.instant()));
        if (state == Settling.State.SETTLED) {
            settling.forget();
            lastSeen = sight.mark();
            take(sight);
        } else if (state == Settling.State.RESTLESS) {
            lastSeen = "";
            fail(refused("is still being written to; it is read once nobody has written to it for "
                    + Settling.QUIET.toMillis() + " ms"));
        }
        return state == Settling.State.SETTLED;
    }

    private boolean isTimeToTryAgain() {
        looksSinceTry = last.success() ? 0 : looksSinceTry + 1;
        return looksSinceTry >= LOOKS_UNTIL_NEXT_TRY;
    }

    private void take(Sight sight) {
        looksSinceTry = 0;
        try {
            if (!sight.problems().isEmpty()) {
                fail(new InvalidConfig(sight.problems()));
            } else if (!sight.version().equals(inForce.version())) {
                putInForce(reader.read(file.toString(), sight.bytes()));
            } else if (!last.success()) {
                LOG.info("{} holds configuration {} again, which is in force", file, sight.version());
                tell(last.backAgain(warnings(inForce), clock.instant()));
            }
        } catch (InvalidConfig e) {
            fail(e, sight.version());
        } catch (RuntimeException | OutOfMemoryError | StackOverflowError e) {
            // A bug, ours or the listener's, or a file too large for this heap: the watch must outlive it, or no later
            // change would be seen.
            LOG.error("{}: configuration {} could not be put in force", file, sight.version(), e);
            fail(refused("could not be put in force; see the log"), sight.version());
        }
    }

    private InvalidConfig refused(String message) {
        return new InvalidConfig(List.of(new Problems.Problem(file.toString(), "", message)));
    }

    private void putInForce(GatewayConfig next) {
        List<String> warnings = warnings(next);
        RouteChanges changes = RouteChanges.between(inForce, next);
        if (next.routes().isEmpty() && changes.removed() > 0) {
            warnings.add(file + ": there are no routes any more; every call is answered with 404");
        }
        onChange.accept(next);
        inForce = next;
        LOG.info(
                "{}: configuration {} is in force, {} routes: {}",
                file,
                next.version(),
                next.routes().size(),
                changes);
        warnings.forEach(warning -> LOG.warn("{}", warning));
        tell(ReloadOutcome.inForce(next, warnings, clock.instant()));
    }

    private List<String> warnings(GatewayConfig config) {
        List<String> warnings = new ArrayList<>(config.warnings());
        List<String> waiting = ServerBlock.differing(serverAtStart, config.server());
        if (!waiting.isEmpty()) {
            warnings.add(file + ": " + ServerBlock.KEY + ": what changed takes effect at restart: "
                    + String.join(", ", waiting));
        }
        return warnings;
    }

    private void fail(InvalidConfig invalid) {
        fail(invalid, "");
    }

    private void fail(InvalidConfig invalid, String fileVersion) {
        List<Problems.Problem> problems = invalid.problems();
        if (!last.success() && problems.equals(last.problems()) && fileVersion.equals(last.fileVersion())) {
            return;
        }
        LOG.warn("{} cannot be used, configuration {} stays in force:", file, inForce.version());
        problems.forEach(problem -> LOG.warn("{}", problem));
        invalid.warnings().forEach(warning -> LOG.warn("{}", warning));
        tell(last.kept(invalid, clock.instant(), fileVersion));
    }

    private void tell(ReloadOutcome outcome) {
        last = outcome;
        onOutcome.accept(outcome);
    }
}
