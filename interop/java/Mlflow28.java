import io.mlflowgateway.langchain4j.MlflowGatewayClient;
import io.mlflowgateway.langchain4j.failure.GatewayModelNotFoundException;

/** MLflow 2.8 itself. */
final class Mlflow28 {

    @Case
    void it_lists_no_endpoints_which_is_how_it_is_recognised() {
        try (MlflowGatewayClient client = Server.client()) {
            Check.raised(GatewayModelNotFoundException.class, client::listEndpoints);
        }
    }
}
