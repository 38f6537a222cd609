package io.mlflowgateway.server.config;

import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the file when told to, and takes over what changed: the bytes are read once, and those bytes are compared,
 * checked and handed over. What cannot be used leaves everything as it was, and is reported once. One thread calls
 * {@link #look}; any may ask for the last outcome.
 */
final class Reloader {
    private static final Logger LOG = LoggerFactory.getLogger(Reloader.class);

    /** So often an unusable file is checked again though its bytes are the same: a key's file may have come since. */
    private static final int LOOKS_UNTIL_NEXT_TRY = 10;

    private final Path file;
    private final ConfigReader reader;
    private final Clock clock;
    private final Consumer<GatewayConfig> onChange;
    private final Consumer<ReloadOutcome> onOutcome;
    private GatewayConfig inForce;
    private String lastSeen;
    private int looksSinceTry;
    private volatile ReloadOutcome last;

    Reloader(
            Path file,
            ConfigReader reader,
            GatewayConfig first,
            Clock clock,
            Consumer<GatewayConfig> onChange,
            Consumer<ReloadOutcome> onOutcome) {
        this.file = file;
        this.reader = reader;
        this.clock = clock;
        this.onChange = onChange;
        this.onOutcome = onOutcome;
        this.inForce = first;
        this.lastSeen = first.version();
        this.last = new ReloadOutcome(true, List.of(), first.warnings(), clock.instant(), first.version());
    }

    ReloadOutcome last() {
        return last;
    }

    /** Reads the file and acts on what is new. Blocks. */
    void look() {
        try {
            byte[] bytes = ConfigBytes.of(file);
            String version = ConfigBytes.version(bytes);
            if (version.equals(lastSeen) && !isTimeToTryAgain()) {
                return;
            }
            lastSeen = version;
            take(version, bytes);
        } catch (InvalidConfig e) {
            // Reading is cut short when the watch is closed; that says nothing about the file.
            if (!Thread.currentThread().isInterrupted()) {
                lastSeen = "";
                fail(e);
            }
        }
    }

    private boolean isTimeToTryAgain() {
        looksSinceTry = last.success() ? 0 : looksSinceTry + 1;
        return looksSinceTry >= LOOKS_UNTIL_NEXT_TRY;
    }

    private void take(String version, byte[] bytes) {
        looksSinceTry = 0;
        try {
            if (!version.equals(inForce.version())) {
                putInForce(reader.read(file.toString(), bytes));
            } else if (!last.success()) {
                LOG.info("{} holds configuration {} again, which is in force", file, version);
                succeed(inForce.warnings());
            }
        } catch (InvalidConfig e) {
            fail(e);
        } catch (RuntimeException e) {
            // A bug, ours or the listener's: the watch must outlive it, or no later change would be seen.
            LOG.error("{}: configuration {} could not be put in force", file, version, e);
            fail(new InvalidConfig(
                    List.of(new Problems.Problem(file.toString(), "", "could not be put in force; see the log"))));
        }
    }

    private void putInForce(GatewayConfig next) {
        List<String> warnings = new ArrayList<>(next.warnings());
        if (!next.server().equals(inForce.server())) {
            warnings.add(file + ": " + ServerBlock.KEY + ": the change takes effect at restart");
        }
        onChange.accept(next);
        inForce = next;
        LOG.info(
                "{}: configuration {} is in force, {} routes",
                file,
                next.version(),
                next.routes().size());
        warnings.forEach(warning -> LOG.warn("{}", warning));
        succeed(warnings);
    }

    private void succeed(List<String> warnings) {
        last = new ReloadOutcome(true, List.of(), warnings, clock.instant(), inForce.version());
        onOutcome.accept(last);
    }

    private void fail(InvalidConfig invalid) {
        List<Problems.Problem> problems = invalid.problems();
        if (!last.success() && problems.equals(last.problems())) {
            return;
        }
        last = new ReloadOutcome(false, problems, invalid.warnings(), clock.instant(), inForce.version());
        LOG.warn("{} cannot be used, configuration {} stays in force:", file, inForce.version());
        problems.forEach(problem -> LOG.warn("{}", problem));
        invalid.warnings().forEach(warning -> LOG.warn("{}", warning));
        onOutcome.accept(last);
    }
}
