import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Runs the cases of the classes named, in order of their names; one line of JSON per case goes to standard output. */
final class RunCases {

    private RunCases() {}

    public static void main(String[] classes) throws Exception {
        PrintStream results = System.out;
        System.setOut(System.err);
        for (String name : classes) {
            Object cases = Class.forName(name).getDeclaredConstructor().newInstance();
            for (Method method : casesOf(cases)) {
                long start = System.nanoTime();
                Map<String, Object> result = new LinkedHashMap<>(Map.of("case", method.getName()));
                String why = run(cases, method);
                result.put("ok", why.isEmpty());
                result.put("why", why);
                result.put("seconds", (System.nanoTime() - start) / 1e9);
                results.println(new ObjectMapper().writeValueAsString(result));
            }
        }
        results.flush();
        // Threads of a case that hangs must not keep the program.
        System.exit(0);
    }

    private static List<Method> casesOf(Object cases) {
        return Arrays.stream(cases.getClass().getDeclaredMethods())
                .filter(method -> method.isAnnotationPresent(Case.class))
                .sorted(Comparator.comparing(Method::getName))
                .toList();
    }

    /** Why it failed; empty if it did not. */
    private static String run(Object cases, Method method) throws IllegalAccessException {
        try {
            method.setAccessible(true);
            method.invoke(cases);
            return "";
        } catch (InvocationTargetException failed) {
            failed.getCause().printStackTrace();
            String line = Arrays.stream(failed.getCause().getStackTrace())
                    .filter(frame -> frame.getClassName().startsWith(cases.getClass().getName()))
                    .findFirst()
                    .map(frame -> " (" + frame.getFileName() + ":" + frame.getLineNumber() + ")")
                    .orElse("");
            return (failed.getCause() + line).replaceAll("\\s+", " ");
        }
    }
}
