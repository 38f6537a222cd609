package io.mlflowgateway.server.reliability;

import io.mlflowgateway.server.testing.HttpAnswers;
import io.mlflowgateway.server.testing.RawUpstream;
import io.mlflowgateway.server.testing.Surface;
import java.io.IOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;

/**
 * Random calls on every surface: some meet a fault of the upstream, which the prompt names, some are left by their callers
 * at a random moment.
 */
final class ConservationLoad {
    private static final int CALLERS = 32;
    private static final int COMPLAINTS_KEPT = 20;
    private static final String FAULT = "fault:";
    private static final String LATE = "late:";
    private static final List<Surface> SURFACES = Surface.all().toList();

    private final int port;
    private final SplittableRandom seeds = new SplittableRandom(20_261_121);
    private final Map<String, AtomicLong> counts = new ConcurrentHashMap<>();
    private final Queue<String> complaints = new ConcurrentLinkedQueue<>();

    ConservationLoad(int port) {
        this.port = port;
    }

    /** Does what prompts say. */
    static RawUpstream upstream() {
        return new RawUpstream(ConservationLoad::talk);
    }

    private static void talk(RawUpstream.Talk talk) throws IOException, InterruptedException {
        Optional<RawUpstream.Request> request = talk.next();
        while (request.isPresent()) {
            String body = request.get().body();
            if (body.contains(FAULT)) {
                UpstreamFault fault = UpstreamFault.valueOf(word(body, FAULT));
                fault.happen(talk);
                if (fault.breaksOff()) {
                    return;
                }
            } else {
                if (body.contains(LATE)) {
                    talk.send(RawUpstream.STREAM_HEAD
                            + RawUpstream.chunk(Surface.asked(request.get()).firstEvent()));
                    StreamFault.valueOf(word(body, LATE)).happen(talk);
                    return;
                }
                talk.send(Surface.answerTo(request.get()));
            }
            request = talk.next();
        }
    }

    private static String word(String body, String before) {
        String rest = body.substring(body.indexOf(before) + before.length());
        return rest.substring(0, rest.indexOf('!'));
    }

    /** Every surface's routes. */
    static String config(RawUpstream upstream, int round) {
        return "# " + round + "\n" + Surface.config(upstream.base(), "key-" + round % 3, "");
    }

    /**
     * Makes so many calls, with a reload about every 150 ms meanwhile.
     *
     * @return how many reloads there were
     */
    int run(int calls, IntConsumer reload) {
        AtomicInteger left = new AtomicInteger(calls);
        List<Thread> callers = new ArrayList<>();
        for (int i = 0; i < CALLERS; i++) {
            SplittableRandom random = seeds.split();
            Thread caller = new Thread(() -> callWhile(left, random), "caller-" + i);
            caller.setDaemon(true);
            callers.add(caller);
            caller.start();
        }
        int reloads = 0;
        while (callers.stream().anyMatch(Thread::isAlive)) {
            reload.accept(++reloads);
            LockSupport.parkNanos(150_000_000L);
        }
        return reloads;
    }

    private void callWhile(AtomicInteger left, SplittableRandom random) {
        while (left.getAndDecrement() > 0) {
            try {
                call(random);
            } catch (IOException | RuntimeException | AssertionError e) {
                complain(e.toString());
            }
        }
    }

    private void call(SplittableRandom random) throws IOException {
        Surface surface = SURFACES.get(random.nextInt(SURFACES.size()));
        int dice = random.nextInt(100);
        Optional<UpstreamFault> fault = dice < 25 ? Optional.of(anyFault(random)) : Optional.empty();
        Optional<StreamFault> late = dice >= 25 && dice < 40 && surface.streams()
                ? Optional.of(StreamFault.values()[random.nextInt(StreamFault.values().length)])
                : Optional.empty();
        String prompt = fault.map(one -> FAULT + one + "!")
                .or(() -> late.map(one -> LATE + one + "!"))
                .orElse("hi");
        try (Socket socket = Caller.connect(port)) {
            Caller.send(socket, surface.path(), surface.json().replace("\"hi\"", '"' + prompt + '"'));
            if (random.nextInt(100) < 25) {
                leave(socket, random);
                return;
            }
            HttpAnswers.Answer answer = Caller.answer(socket);
            boolean done = answer.status() == 200
                    && (!surface.streams() || answer.text().endsWith("data: [DONE]\n\n"));
            boolean expected = fault.isPresent()
                    ? answer.status() == fault.get().status()
                    : late.isPresent() ? answer.status() == 200 && !done : done;
            count(
                    fault.isPresent()
                            ? "calls that met a fault"
                            : late.isPresent() ? "streams that broke" : "calls served");
            if (!expected) {
                complain(surface + " " + prompt + ": " + answer.status() + " " + answer.text());
            }
        }
    }

    private void leave(Socket socket, SplittableRandom random) throws IOException {
        count("leavers");
        LockSupport.parkNanos(random.nextLong(20_000_000L));
        socket.setSoLinger(random.nextBoolean(), 0);
    }

    /** The costly ones more rarely. */
    private static UpstreamFault anyFault(SplittableRandom random) {
        UpstreamFault[] all = UpstreamFault.values();
        UpstreamFault first = all[random.nextInt(all.length)];
        return first.isLarge() ? all[random.nextInt(all.length)] : first;
    }

    private void count(String what) {
        counts.computeIfAbsent(what, name -> new AtomicLong()).incrementAndGet();
    }

    private void complain(String what) {
        if (complaints.size() < COMPLAINTS_KEPT) {
            complaints.add(what);
        }
    }

    /** What nobody provoked; the first ones. */
    List<String> complaints() {
        return List.copyOf(complaints);
    }

    String figures() {
        return counts.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(entry -> entry.getValue() + " " + entry.getKey())
                .collect(Collectors.joining(", "));
    }
}
