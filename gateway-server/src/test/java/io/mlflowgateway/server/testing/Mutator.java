package io.mlflowgateway.server.testing;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Makes new inputs out of known ones: flips, cuts, repeats, splices, and puts in what parsers trip over. The same random
 * numbers give the same inputs.
 *
 * <p>Why no library: jqwik's releases run on JUnit Platform 1 only and make values rather than broken bytes; Jazzer wants
 * one target a process and native code, and its feedback ends at a socket. This is all that is needed of them.
 */
public final class Mutator {
    private static final int LONGEST = 100_000;
    private static final List<byte[]> ODDITIES = oddities();

    private final List<byte[]> inputs;
    private final List<byte[]> words;

    /**
     * @param inputs to begin with, at least one
     * @param words of the language, put in at random
     */
    public Mutator(List<byte[]> inputs, List<byte[]> words) {
        this.inputs = List.copyOf(inputs);
        this.words = new ArrayList<>(words);
        this.words.addAll(ODDITIES);
    }

    private static List<byte[]> oddities() {
        List<byte[]> all = new ArrayList<>();
        for (String number : List.of(
                "0",
                "-1",
                "1",
                "2147483647",
                "2147483648",
                "4294967296",
                "9223372036854775807",
                "9223372036854775808",
                "-9223372036854775809",
                "1e309",
                "-0.0",
                "0x7f",
                "00",
                "1e-400",
                "999999999999999999999999999999")) {
            all.add(number.getBytes(StandardCharsets.US_ASCII));
        }
        // Not UTF-8: alone, cut short, overlong, a surrogate, past the last code point. Then a byte order mark, NUL,
        // U+2028.
        for (String text : List.of(
                "\u00ff",
                "\u0080",
                "\u00c3",
                "\u00c0\u0080",
                "\u00ed\u00a0\u0080",
                "\u00f4\u0090\u0080\u0080",
                "\u00ef\u00bb\u00bf",
                "\0",
                "\u00e2\u0080\u00a8")) {
            all.add(text.getBytes(StandardCharsets.ISO_8859_1));
        }
        return all;
    }

    /** The next input, at most about 100 KB. */
    public byte[] next(SplittableRandom random) {
        byte[] input = any(inputs, random);
        for (int times = 1 + random.nextInt(random.nextInt(4) == 0 ? 8 : 2); times > 0; times--) {
            input = changed(input, random);
        }
        return input.length > LONGEST ? Arrays.copyOf(input, LONGEST) : input;
    }

    private byte[] changed(byte[] input, SplittableRandom random) {
        int at = place(input, random);
        int some = Math.min(input.length - at, 1 + random.nextInt(random.nextBoolean() ? 4 : 64));
        return switch (random.nextInt(14)) {
            case 0, 1 -> flipped(input, at, 1 << random.nextInt(8));
            case 2 -> flipped(input, at, 1 + random.nextInt(255));
            case 3 -> Arrays.copyOf(input, at);
            case 4 -> put(input, at, some, new byte[0]);
            case 5, 6 -> put(input, at, 0, repeated(Arrays.copyOfRange(input, at, at + some), 1 + random.nextInt(4)));
            case 7 -> spliced(input, at, any(inputs, random), random);
            case 8 -> put(input, at, some, any(words, random));
            case 9 -> put(input, at, 0, any(words, random));
            case 10, 11, 12 -> number(input, at, random);
            default -> put(input, at, 0, much(input, at, random));
        };
    }

    /** Anywhere, or where a word ends or begins. */
    private static int place(byte[] input, SplittableRandom random) {
        int at = random.nextInt(input.length + 1);
        boolean anywhere = random.nextBoolean();
        while (!anywhere && at < input.length && Character.isLetterOrDigit(input[at])) {
            at++;
        }
        return at;
    }

    private static byte[] flipped(byte[] input, int at, int mask) {
        byte[] result = input.clone();
        if (at < result.length) {
            result[at] ^= (byte) mask;
        }
        return result;
    }

    private static byte[] spliced(byte[] input, int at, byte[] other, SplittableRandom random) {
        int from = random.nextInt(other.length + 1);
        return put(input, at, input.length - at, Arrays.copyOfRange(other, from, other.length));
    }

    /** Another number in place of the next one. */
    private static byte[] number(byte[] input, int at, SplittableRandom random) {
        int from = at;
        while (from < input.length && !Character.isDigit(input[from])) {
            from++;
        }
        int to = from;
        while (to < input.length && Character.isDigit(input[to])) {
            to++;
        }
        return put(input, from, to - from, any(ODDITIES, random));
    }

    /** A long run of one byte, deep nesting, or much of the same. */
    private static byte[] much(byte[] input, int at, SplittableRandom random) {
        int times = 1 << random.nextInt(15);
        return switch (random.nextInt(4)) {
            case 0 -> repeated(new byte[] {at < input.length ? input[at] : (byte) random.nextInt(256)}, times);
            case 1 -> repeated("[".getBytes(StandardCharsets.US_ASCII), times);
            case 2 -> repeated("{\"a\":".getBytes(StandardCharsets.US_ASCII), times / 4 + 1);
            default -> repeated(input, Math.min(8, 1 + LONGEST / (input.length + 1)));
        };
    }

    private static byte[] repeated(byte[] bytes, int times) {
        byte[] result = new byte[bytes.length * times];
        for (int i = 0; i < times; i++) {
            System.arraycopy(bytes, 0, result, i * bytes.length, bytes.length);
        }
        return result;
    }

    private static byte[] put(byte[] input, int at, int taken, byte[] given) {
        byte[] result = Arrays.copyOf(input, input.length - taken + given.length);
        System.arraycopy(given, 0, result, at, given.length);
        System.arraycopy(input, at + taken, result, at + given.length, input.length - at - taken);
        return result;
    }

    private static byte[] any(List<byte[]> from, SplittableRandom random) {
        return from.get(random.nextInt(from.size()));
    }
}
