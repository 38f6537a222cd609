package io.mlflowgateway.server.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlflowgateway.server.testing.FuzzInputs;
import io.mlflowgateway.server.testing.FuzzRun;
import io.mlflowgateway.server.testing.HttpAnswers;
import io.mlflowgateway.server.testing.Mutator;
import io.mlflowgateway.server.testing.RawUpstream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Broken and hostile requests, alone and in rows, and broken paths, on real connections. */
@Timeout(3_000)
class RequestFuzzIT {
    private static final int THREADS = 48;
    private static final byte[] END = "\r\n\r\nGET /version HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
            .getBytes(StandardCharsets.US_ASCII);
    private static final List<byte[]> REQUESTS = FuzzInputs.messages("requests.txt");
    private static final List<byte[]> PATHS = FuzzInputs.lines("paths.txt");
    private static final List<byte[]> WORDS = FuzzInputs.lines("request-words.txt");

    @Test
    @Proves(Row.FUZZ)
    void fuzz_requests_are_answered_or_refused_and_their_connection_ends() {
        String seen = requests(Duration.ofSeconds(9));

        Figures.seen(Row.FUZZ, "fuzz_requests_are_answered_or_refused_and_their_connection_ends", seen);
    }

    @Test
    @Proves(Row.FUZZ)
    void fuzz_paths_are_answered_or_refused() {
        String seen = paths(Duration.ofSeconds(4));

        Figures.seen(Row.FUZZ, "fuzz_paths_are_answered_or_refused", seen);
    }

    @Test
    @Tag("nightly")
    @Proves(Row.FUZZ)
    void fuzz_requests_for_many_minutes() {
        Figures.seen(Row.FUZZ, "fuzz_requests_for_many_minutes", requests(Duration.ofMinutes(8)));
    }

    @Test
    @Tag("nightly")
    @Proves(Row.FUZZ)
    void fuzz_paths_for_many_minutes() {
        Figures.seen(Row.FUZZ, "fuzz_paths_for_many_minutes", paths(Duration.ofMinutes(3)));
    }

    private static String requests(Duration time) {
        Mutator mutator = new Mutator(REQUESTS, WORDS);
        return tried("requests", time, REQUESTS, mutator::next);
    }

    private static String paths(Duration time) {
        Mutator mutator = new Mutator(PATHS, WORDS);
        List<byte[]> known = PATHS.stream().map(RequestFuzzIT::request).toList();
        return tried("paths", time, known, random -> request(mutator.next(random)));
    }

    private static byte[] request(byte[] path) {
        return joined(
                "GET ".getBytes(StandardCharsets.US_ASCII),
                path,
                " HTTP/1.1\r\nHost: localhost".getBytes(StandardCharsets.US_ASCII));
    }

    private static String tried(
            String name,
            Duration time,
            List<byte[]> known,
            java.util.function.Function<SplittableRandom, byte[]> made) {
        try (RawUpstream upstream = GoodUpstream.start();
                FuzzGateway gateway = new FuzzGateway(upstream)) {
            FuzzRun.warmUp().run(THREADS, known, made, (input, random) -> attempt(gateway, input, random));
            gateway.settled();
            long tried = new FuzzRun(name, time)
                    .run(THREADS, known, made, (input, random) -> attempt(gateway, input, random));
            assertThat(tried).isGreaterThan(known.size() + 100L);
            return tried + " " + name + ": each answered or refused in time and in form; " + gateway.unharmed();
        }
    }

    /** Mostly an end is sent behind it; without one the connection must end by itself. */
    private static void attempt(FuzzGateway gateway, byte[] input, SplittableRandom random) throws IOException {
        boolean ended = random.nextInt(80) != 0;
        try (Socket socket = gateway.connect()) {
            write(socket, ended ? joined(input, END) : input, random);
            List<HttpAnswers.Answer> answers =
                    answers(socket, new String(input, StandardCharsets.ISO_8859_1).contains("HEAD"));
            answers.forEach(AnswerRules::ownFault);
            assertThat(answers.isEmpty() && (ended || asks(input)))
                    .as("without any answer")
                    .isFalse();
        }
    }

    private static boolean asks(byte[] input) {
        for (byte b : input) {
            if (b != '\r' && b != '\n') {
                return true;
            }
        }
        return false;
    }

    /** At once, or in two parts. */
    private static void write(Socket socket, byte[] bytes, SplittableRandom random) throws IOException {
        int cut = random.nextInt(3) == 0 ? random.nextInt(bytes.length + 1) : 0;
        try {
            socket.getOutputStream().write(bytes, 0, cut);
            socket.getOutputStream().write(bytes, cut, bytes.length - cut);
        } catch (SocketException refused) {
            // It may refuse a request before all of it is there; the refusal must still be readable.
            return;
        }
    }

    private static List<HttpAnswers.Answer> answers(Socket socket, boolean toHead) throws IOException {
        HttpAnswers in = new HttpAnswers(socket.getInputStream());
        List<HttpAnswers.Answer> all = new ArrayList<>();
        Optional<HttpAnswers.Answer> answer = in.next(toHead);
        while (answer.isPresent()) {
            all.add(answer.get());
            answer = in.next(toHead);
        }
        return all;
    }

    private static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            whole.writeBytes(part);
        }
        return whole.toByteArray();
    }
}
