package io.mlflowgateway.server.provider.aws;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A request in the one form in which it is signed (AWS Signature Version 4, "Create a canonical request").
 *
 * @param text method, path, query, headers, names of the headers and hash of the body, a line each
 * @param signedHeaders names in lower case, in order, joined by semicolons
 */
record CanonicalRequest(String text, String signedHeaders) {
    private static final Pattern SPACES = Pattern.compile("\\s+");

    /** A query's parameter, encoded. They are sorted by name, then value. */
    private record Parameter(String name, String value) implements Comparable<Parameter> {
        private static final Comparator<Parameter> ORDER =
                Comparator.comparing(Parameter::name).thenComparing(Parameter::value);

        static Parameter of(String written) {
            int equals = written.indexOf('=');
            String name = equals < 0 ? written : written.substring(0, equals);
            String value = equals < 0 ? "" : written.substring(equals + 1);
            return new Parameter(
                    PercentEncoding.encode(PercentEncoding.decode(name)),
                    PercentEncoding.encode(PercentEncoding.decode(value)));
        }

        @Override
        public int compareTo(Parameter other) {
            return ORDER.compare(this, other);
        }

        @Override
        public String toString() {
            return name + "=" + value;
        }
    }

    /**
     * @param added headers that signing adds
     * @param bodyHash SHA-256 in hexadecimal digits
     * @param pathAsItIs whether the path is neither normalized nor encoded once more, as S3 wants it
     */
    static CanonicalRequest of(AwsRequest request, Map<String, String> added, String bodyHash, boolean pathAsItIs) {
        TreeMap<String, String> headers = new TreeMap<>();
        request.headers().forEach((name, value) -> put(headers, name, value));
        added.forEach((name, value) -> put(headers, name, value));
        put(headers, "host", request.host());
        String signed = String.join(";", headers.keySet());
        StringBuilder text = new StringBuilder(512);
        text.append(request.method()).append('\n');
        text.append(pathAsItIs ? request.path() : path(request.path())).append('\n');
        text.append(query(request.query())).append('\n');
        headers.forEach(
                (name, value) -> text.append(name).append(':').append(value).append('\n'));
        text.append('\n').append(signed).append('\n').append(bodyHash);
        return new CanonicalRequest(text.toString(), signed);
    }

    private static void put(Map<String, String> headers, String name, String value) {
        headers.put(name.toLowerCase(Locale.ROOT), SPACES.matcher(value.strip()).replaceAll(" "));
    }

    /** Without empty and dot segments (RFC 3986, section 5.2.4), every segment encoded once more. */
    private static String path(String path) {
        Deque<String> kept = new ArrayDeque<>();
        for (String segment : path.split("/")) {
            if (segment.equals("..")) {
                kept.pollLast();
            } else if (!segment.isEmpty() && !segment.equals(".")) {
                kept.addLast(PercentEncoding.encode(segment));
            }
        }
        String joined = "/" + String.join("/", kept);
        return path.endsWith("/") && !kept.isEmpty() ? joined + "/" : joined;
    }

    private static String query(String query) {
        return Arrays.stream(query.split("&"))
                .filter(parameter -> !parameter.isEmpty())
                .map(Parameter::of)
                .sorted()
                .map(Parameter::toString)
                .collect(Collectors.joining("&"));
    }

    /** A session token stands among its headers. */
    @Override
    public String toString() {
        return "CanonicalRequest[" + text.length() + " characters]";
    }
}
