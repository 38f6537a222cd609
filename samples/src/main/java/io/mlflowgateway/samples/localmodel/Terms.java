package io.mlflowgateway.samples.localmodel;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Makes the licence page that comes with the weights readable on a terminal. */
final class Terms {
    private static final Pattern NOT_TEXT = Pattern.compile("(?s)<(script|style|head)\\b.*?</\\1>");
    private static final Pattern ARTICLE = Pattern.compile("(?s)<h1.*?</article>");
    private static final Pattern TAG = Pattern.compile("<[^>]*>");

    private Terms() {}

    /** The page's article, or all of a page that has none, without markup and empty lines. */
    static String plain(String html) {
        String visible = NOT_TEXT.matcher(html).replaceAll("");
        Matcher article = ARTICLE.matcher(visible);
        String text = TAG.matcher(article.find() ? article.group() : visible).replaceAll("");
        return text.replace("&quot;", "\"")
                .replace("&#39;", "'")
                .replace("&nbsp;", " ")
                .replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&amp;", "&")
                .replaceAll("\\s*\\n\\s*", "\n")
                .strip();
    }
}
