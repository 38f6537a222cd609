import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.concurrent.TimeUnit;

/** What the mock provider saw, and what it answers (`upstream.py`, `answers.py`). */
final class Provider {

    private static final String URL = System.getenv("INTEROP_UPSTREAM");
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private Provider() {}

    static String echo(String text) {
        return "echo: " + text;
    }

    static int words(String text) {
        return text.strip().split("\\s+").length;
    }

    static float[] vector(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            float[] vector = new float[8];
            for (int place = 0; place < vector.length; place++) {
                vector[place] = ((digest[place] & 0xff) - 128) / 16f;
            }
            return vector;
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    /** Every request with this prompt in it, oldest first: path, headers, body. */
    static JsonNode seen(String prompt) {
        return admin("requests", prompt);
    }

    /** The body of the one request with this prompt in it. */
    static JsonNode sent(String prompt) {
        JsonNode seen = seen(prompt);
        Check.equal(seen.size(), 1);
        return seen.path(0).path("body");
    }

    /** Whether the provider saw its connection end before the answer did. */
    static boolean abortedWithin(String prompt, long millis) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        while (System.nanoTime() < end) {
            if (admin("aborts", prompt).asInt() > 0) {
                return true;
            }
            Thread.sleep(20);
        }
        return false;
    }

    private static JsonNode admin(String what, String prompt) {
        String token = prompt.substring(prompt.lastIndexOf(' ') + 1);
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create(URL + "/admin/" + what + "?token=" + token))
                    .build();
            return new ObjectMapper().readTree(HTTP.send(request, BodyHandlers.ofString()).body());
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
