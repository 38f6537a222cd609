package io.mlflowgateway.langchain4j;

import static io.mlflowgateway.langchain4j.DocsTable.code;
import static io.mlflowgateway.langchain4j.DocsTable.head;
import static io.mlflowgateway.langchain4j.DocsTable.row;

import java.io.IOException;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Tables of the documentation are those of the code. {@code -Dregenerate=true} writes them. */
class DocsTablesTest {

    private static final int DEFAULT_RETRIES = 2;

    @Test
    void what_becomes_of_a_status_is_told_as_it_is() throws IOException {
        String rows =
                Arrays.stream(StatusRow.values()).map(DocsTablesTest::statusRow).collect(Collectors.joining("\n"));

        DocsTable.mustRead(
                "errors.md",
                "statuses",
                head("Status", "Exception", "LangChain4j's type", "Attempts", "Means") + "\n" + rows);
    }

    private static String statusRow(StatusRow status) {
        return row(
                String.valueOf(status.status()),
                code(status.type().getSimpleName()),
                code(status.common().getSimpleName()),
                String.valueOf(status.attempts(DEFAULT_RETRIES)),
                status.meaning());
    }
}
