import java.util.Objects;
import java.util.UUID;

/** What every case needs to say. */
final class Check {

    private Check() {}

    /** A case may fail in any way. */
    interface Action {
        Object run() throws Exception;
    }

    static void equal(Object found, Object wanted) {
        if (!Objects.deepEquals(found, wanted)) {
            throw new AssertionError("wanted " + wanted + ", found " + found);
        }
    }

    static void holds(boolean condition, Object what) {
        if (!condition) {
            throw new AssertionError(String.valueOf(what));
        }
    }

    /** The failure of the given kind that the action ends in. */
    static <T extends Throwable> T raised(Class<T> kind, Action action) {
        Object answer;
        try {
            answer = action.run();
        } catch (Throwable failure) {
            return ofKind(kind, failure);
        }
        throw new AssertionError("wanted " + kind.getSimpleName() + ", was answered " + answer);
    }

    static <T extends Throwable> T ofKind(Class<T> kind, Throwable failure) {
        if (!kind.isInstance(failure)) {
            throw new AssertionError("wanted " + kind.getSimpleName() + ", found " + failure, failure);
        }
        return kind.cast(failure);
    }

    /** A prompt that no other case or pass sends. */
    static String prompt(String text) {
        return text + " " + UUID.randomUUID().toString().replace("-", "");
    }
}
