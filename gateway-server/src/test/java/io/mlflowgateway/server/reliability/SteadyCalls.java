package io.mlflowgateway.server.reliability;

import io.mlflowgateway.server.testing.Eventually;
import io.mlflowgateway.server.testing.HttpAnswers;
import io.mlflowgateway.server.testing.HttpAnswers.Answer;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.Deque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * Calls at a steady rate, whether or not the ones before are answered, but never more than 400 under way. Connections are
 * used again and again, as callers do.
 */
final class SteadyCalls implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final int TO_WARM_UP = 500;
    private static final int MOST_UNDER_WAY = 400;

    /** One call: what to send, and what is wrong with what came of it. */
    interface Kind {
        byte[] request();

        /** Says what is wrong; empty for nothing. */
        Optional<String> complaint(Answer answer);
    }

    private record Line(Socket socket, HttpAnswers answers) {}

    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(SteadyCalls::daemon);
    private final ExecutorService callers = Executors.newCachedThreadPool(SteadyCalls::daemon);
    private final Deque<Line> idle = new ConcurrentLinkedDeque<>();
    private final int port;
    private final Supplier<? extends Kind> next;
    private final AtomicInteger underWay = new AtomicInteger();
    private final AtomicLong sent = new AtomicLong();
    private final Queue<String> complaints = new ConcurrentLinkedQueue<>();
    private final long beganNanos;

    /** @param next makes each call when its time has come, on one thread; some are made before, a few at a time */
    SteadyCalls(int port, int perSecond, Supplier<? extends Kind> next) {
        this.port = port;
        this.next = next;
        for (int i = 0; i < TO_WARM_UP; i++) {
            send();
            Eventually.within(PATIENCE, "it answers", () -> underWay.get() < 8);
        }
        sent.set(0);
        beganNanos = System.nanoTime();
        clock.scheduleAtFixedRate(this::send, 0, 1_000_000_000L / perSecond, TimeUnit.NANOSECONDS);
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "steady-calls");
        thread.setDaemon(true);
        return thread;
    }

    private void send() {
        if (underWay.get() < MOST_UNDER_WAY) {
            Kind kind = next.get();
            underWay.incrementAndGet();
            sent.incrementAndGet();
            callers.execute(() -> call(kind));
        }
    }

    private void call(Kind kind) {
        try {
            kind.complaint(answer(kind.request())).ifPresent(complaints::add);
        } catch (IOException | RuntimeException | AssertionError e) {
            complaints.add(e.toString());
        } finally {
            underWay.decrementAndGet();
        }
    }

    private Answer answer(byte[] request) throws IOException {
        Line line = line();
        boolean again = false;
        try {
            line.socket().getOutputStream().write(request);
            Answer answer = line.answers().next(false).orElseThrow(() -> new IOException("closed without an answer"));
            again = !answer.header("connection").equals("close");
            return answer;
        } finally {
            if (again) {
                idle.push(line);
            } else {
                line.socket().close();
            }
        }
    }

    private Line line() throws IOException {
        Line line = idle.poll();
        if (line != null) {
            return line;
        }
        Socket socket = Caller.connect(port);
        return new Line(socket, new HttpAnswers(socket.getInputStream()));
    }

    long sent() {
        return sent.get();
    }

    /** How many calls a second there were in fact: fewer than wanted where the machine could not keep up. */
    long perSecond() {
        return Math.round(sent.get() * 1e9 / (System.nanoTime() - beganNanos));
    }

    Queue<String> complaints() {
        return complaints;
    }

    /** Sends nothing more and waits for what is under way. */
    void stop() {
        clock.shutdown();
        Eventually.within(PATIENCE.plusSeconds(5), "every call ends", () -> underWay.get() == 0);
    }

    @Override
    public void close() {
        clock.shutdownNow();
        callers.shutdownNow();
        for (Line line = idle.poll(); line != null; line = idle.poll()) {
            end(line.socket());
        }
    }

    private static void end(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
