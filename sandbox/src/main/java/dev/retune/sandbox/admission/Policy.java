package dev.retune.sandbox.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.retune.sandbox.crd.PolicyExpressions;
import dev.retune.sandbox.crd.PolicyExpressions.Compiled;
import dev.retune.sandbox.crd.PolicyExpressions.Failed;
import dev.retune.sandbox.crd.PolicyExpressions.Input;
import dev.retune.sandbox.crd.PolicyExpressions.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A ValidatingAdmissionPolicy, compiled once. */
final class Policy {
  private static final int LONGEST_MESSAGE = 5 * 1024;

  private final JsonNode spec;
  private final PolicyExpressions expressions;
  private final List<Compiled> conditions = new ArrayList<>();
  private final List<Validation> validations = new ArrayList<>();
  private Optional<String> broken = Optional.empty();

  private record Validation(
      Compiled expression, Optional<Compiled> messageExpression, String message, String reason) {}

  /** Why a write is not fine. */
  record Complaint(String message, String reason) {
    static Complaint of(String message) {
      return new Complaint(message, "");
    }
  }

  Policy(ObjectNode object) {
    this.spec = object.path("spec");
    this.expressions = new PolicyExpressions(spec.has("paramKind"));
    try {
      for (JsonNode variable : spec.path("variables")) {
        expressions.declare(variable.path("name").asText(), variable.path("expression").asText());
      }
      for (JsonNode condition : spec.path("matchConditions")) {
        conditions.add(expressions.condition(condition.path("expression").asText()));
      }
      for (JsonNode validation : spec.path("validations")) {
        validations.add(validation(validation));
      }
    } catch (Failed wrong) {
      broken = Optional.of(wrong.text());
    }
  }

  JsonNode paramKind() {
    return spec.path("paramKind");
  }

  /** Whether a policy that cannot be evaluated refuses the write; the default. */
  boolean failsClosed() {
    return !spec.path("failurePolicy").asText("Fail").equals("Ignore");
  }

  /** What is wrong with the policy itself. */
  Optional<String> broken() {
    return broken;
  }

  /** Everything this policy has against a write. */
  List<Complaint> judge(Input input) {
    Scope scope = expressions.scope(input);
    List<Complaint> complaints = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    for (Compiled condition : conditions) {
      try {
        if (!isTrue(condition, scope)) {
          return List.of();
        }
      } catch (Failed failed) {
        problems.add(failed.text());
      }
    }
    if (!problems.isEmpty()) {
      String all = problems.size() == 1 ? problems.getFirst() : problems.toString();
      return failsClosed() ? List.of(Complaint.of(all)) : List.of();
    }
    for (Validation validation : validations) {
      try {
        if (!isTrue(validation.expression(), scope)) {
          complaints.add(new Complaint(message(validation, scope), validation.reason()));
        }
      } catch (Failed failed) {
        if (failsClosed()) {
          complaints.add(Complaint.of(failed.text()));
        }
      }
    }
    return complaints;
  }

  private Validation validation(JsonNode validation) throws Failed {
    String message = validation.path("messageExpression").asText("");
    return new Validation(
        expressions.condition(validation.path("expression").asText()),
        message.isBlank() ? Optional.empty() : Optional.of(expressions.message(message)),
        validation.path("message").asText("").strip(),
        validation.path("reason").asText(""));
  }

  private static boolean isTrue(Compiled expression, Scope scope) throws Failed {
    return PolicyExpressions.evaluate(expression, scope).equals(Optional.of(true));
  }

  /** The first of: the computed message if it is one line, the fixed one, the expression. */
  private static String message(Validation validation, Scope scope) {
    Optional<String> computed = Optional.empty();
    if (validation.messageExpression().isPresent()) {
      try {
        computed =
            PolicyExpressions.evaluate(validation.messageExpression().get(), scope)
                .map(value -> value instanceof String text ? text.strip() : "")
                .filter(t -> !t.isEmpty() && !t.contains("\n") && t.length() <= LONGEST_MESSAGE);
      } catch (Failed unusable) {
        computed = Optional.empty();
      }
    }
    return computed.orElseGet(() ->
        validation.message().isEmpty()
            ? "failed expression: " + validation.expression().expression().strip()
            : validation.message());
  }
}
