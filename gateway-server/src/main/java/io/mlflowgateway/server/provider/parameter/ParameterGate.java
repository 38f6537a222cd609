package io.mlflowgateway.server.provider.parameter;

import io.mlflowgateway.server.config.OnUnsupported;
import io.mlflowgateway.server.query.Body;
import io.mlflowgateway.server.query.Body.Member;
import io.mlflowgateway.server.query.Failure;
import io.mlflowgateway.server.query.Query;
import io.mlflowgateway.server.query.Violation;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a query must pass before it is put in a provider's words: parameters the provider has no place for are left out,
 * refused or forwarded, as the route says. Those without which the answer would be one to another question ({@code tools},
 * {@code response_format}, more than one choice) are refused in any case. For any thread.
 */
public final class ParameterGate {
    private static final int MOST_DROPPED = 32;
    private static final int MOST_REFUSED = 100;
    private static final int LONGEST_INPUT = 2_000;
    private static final String MORE = "...";

    private final ParameterTable table;
    private final OnUnsupported policy;
    private final String provider;
    private final boolean isOpen;

    /** @param provider as refusals name it */
    public ParameterGate(ParameterTable table, OnUnsupported policy, String provider) {
        this.table = table;
        this.policy = policy;
        this.provider = provider;
        this.isOpen = table.takesAll();
    }

    /** Whether every query passes as it is. */
    public boolean isOpen() {
        return isOpen;
    }

    /**
     * What of the query may go.
     *
     * @throws Failure that names every parameter for which the query is refused
     */
    public Admitted admit(Query asked) {
        Query query = withoutIdleTools(asked);
        List<Member> unsupported = unsupported(query);
        if (unsupported.isEmpty()) {
            return new Admitted(query, List.of(), Map.of());
        }
        List<Member> refused = unsupported.stream()
                .filter(member -> policy == OnUnsupported.REJECT || Said.changesMeaning(member.name()))
                .toList();
        if (!refused.isEmpty()) {
            throw refusal(query.body(), refused);
        }
        Query rest = without(query, unsupported.stream().map(Member::name).toList());
        return policy == OnUnsupported.FORWARD
                ? new Admitted(rest, List.of(), json(query.body(), unsupported))
                : new Admitted(rest, names(unsupported), Map.of());
    }

    /**
     * The query without the tools that it says are not to be called, where that cannot be said: a model that sees them may
     * call them.
     */
    private Query withoutIdleTools(Query query) {
        Query rest = query;
        for (Map.Entry<String, Set<String>> tools : Said.TOOLS_OF.entrySet()) {
            String choice = tools.getKey();
            if (isUnsupported(query.body(), choice) && Said.none(query.body(), choice)) {
                rest = without(rest, tools.getValue());
            }
        }
        return rest;
    }

    private List<Member> unsupported(Query query) {
        List<Member> found = List.of();
        List<Member> members = query.body().members();
        for (int i = 0; i < members.size(); i++) {
            Member member = members.get(i);
            if (isUnsupported(query.body(), member.name())
                    && !Said.nothing(query.body(), member, query.temperatureRange())) {
                found = found.isEmpty() ? new ArrayList<>() : found;
                found.add(member);
            }
        }
        return found;
    }

    private boolean isUnsupported(Body body, String name) {
        Treatment treatment = table.of(name);
        boolean now =
                treatment.isUnsupported() || (!treatment.unless().isEmpty() && Said.anyOf(body, treatment.unless()));
        return now && !OpenAiParameters.CONTENT.contains(name);
    }

    private static Query without(Query query, Collection<String> members) {
        Body.Edit edit = query.body().edit();
        members.forEach(edit::remove);
        return new Query(query.task(), edit.toBody(), query.streams(), query.usageShown(), query.temperatureRange());
    }

    private static Map<String, String> json(Body body, List<Member> members) {
        Map<String, String> json = new LinkedHashMap<>();
        members.forEach(member -> json.put(member.name(), body.raw(member)));
        return json;
    }

    private static List<String> names(List<Member> members) {
        List<String> names = new ArrayList<>();
        members.stream().limit(MOST_DROPPED).forEach(member -> names.add(PlainName.of(member.name())));
        if (members.size() > MOST_DROPPED) {
            names.add(MORE);
        }
        return names;
    }

    private Failure refusal(Body body, List<Member> refused) {
        List<Violation> violations = refused.stream()
                .limit(MOST_REFUSED)
                .map(member -> violation(body, member))
                .toList();
        return Failure.violations(violations)
                .saying("The provider of this route, " + provider + ", does not support: "
                        + String.join(", ", names(refused)));
    }

    private Violation violation(Body body, Member member) {
        boolean isLong = member.end() - member.start() > LONGEST_INPUT;
        return new Violation(
                "unsupported_parameter",
                List.of("body", PlainName.of(member.name())),
                "The provider of this route, " + provider + ", does not support this parameter",
                isLong ? "" : body.raw(member),
                "");
    }
}
