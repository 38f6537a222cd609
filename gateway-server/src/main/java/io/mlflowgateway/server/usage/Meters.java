package io.mlflowgateway.server.usage;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/**
 * A few meters, each made when it is first asked for, and then found by its number without a lock or an allocation.
 * Thread-safe.
 */
final class Meters<T extends Meter> {
    private record Numbered<T>(int number, T meter) {}

    private final MeterRegistry registry;
    private final IntFunction<T> make;
    private volatile List<Numbered<T>> known = List.of();
    private boolean closed;

    /** @param make registers the meter with this number */
    Meters(MeterRegistry registry, IntFunction<T> make) {
        this.registry = registry;
        this.make = make;
    }

    T of(int number) {
        List<Numbered<T>> present = known;
        for (int i = 0; i < present.size(); i++) {
            if (present.get(i).number() == number) {
                return present.get(i).meter();
            }
        }
        return add(number);
    }

    private synchronized T add(int number) {
        for (Numbered<T> present : known) {
            if (present.number() == number) {
                return present.meter();
            }
        }
        T meter = make.apply(number);
        if (closed) {
            // Of a call that ended just now: counted for nobody rather than left behind for ever.
            registry.remove(meter);
            return meter;
        }
        List<Numbered<T>> more = new ArrayList<>(known);
        more.add(new Numbered<>(number, meter));
        known = more;
        return meter;
    }

    /** Takes all of them out of the registry. */
    synchronized void close() {
        closed = true;
        known.forEach(present -> registry.remove(present.meter()));
        known = List.of();
    }
}
