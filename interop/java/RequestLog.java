import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.slf4j.Logger;

/** A logger that keeps what the client says about its requests. */
final class RequestLog {

    private final List<String> lines = new CopyOnWriteArrayList<>();

    Logger logger() {
        return (Logger) Proxy.newProxyInstance(
                RequestLog.class.getClassLoader(), new Class<?>[] {Logger.class}, this::note);
    }

    private Object note(Object proxy, Method method, Object[] arguments) {
        if (method.getReturnType() == boolean.class) {
            return true;
        }
        if (method.getReturnType() == void.class) {
            lines.add(Arrays.stream(arguments)
                    .map(part -> part instanceof Object[] several ? Arrays.toString(several) : String.valueOf(part))
                    .collect(Collectors.joining(" ")));
        }
        return method.getReturnType() == String.class ? "requests" : null;
    }

    long calling(String path) {
        return lines.stream().filter(line -> line.contains(path)).count();
    }
}
