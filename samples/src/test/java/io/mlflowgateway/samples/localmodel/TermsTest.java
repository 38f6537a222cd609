package io.mlflowgateway.samples.localmodel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TermsTest {
    @Test
    void only_the_article_of_the_page_is_shown_without_markup() {
        String html = """
                <html><head><title>no</title></head><body><nav>menu</nav>
                <article><h1 class="t">Terms of Use</h1>
                <script>var x = "<p>";</script>

                <p>You &amp; we say &quot;yes&quot; &lt;here&gt;.</p></article><footer>no</footer></body></html>
                """;

        String text = Terms.plain(html);

        assertThat(text).isEqualTo("Terms of Use\nYou & we say \"yes\" <here>.");
    }

    @Test
    void a_page_without_an_article_is_shown_whole() {
        assertThat(Terms.plain("<p>All of it.</p>")).isEqualTo("All of it.");
    }
}
