package dev.retune.sandbox.crd;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelErrorCode;
import dev.cel.common.CelValidationException;
import dev.cel.common.types.SimpleType;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.Program;
import dev.retune.sandbox.crd.Schema.Rule;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A rule that can be evaluated.
 *
 * @param usesOldSelf the rule is a transition rule
 * @param fieldPath where below the rule's place the complaint belongs; empty for the place itself
 */
record CompiledRule(
    Rule rule, Program program, boolean usesOldSelf, Optional<Program> message, String fieldPath) {
  private static final int MAX_MESSAGE_BYTES = 5 * 1024;
  private static final Pattern LOCATION = Pattern.compile("^evaluation error(?: at [^ ]*)?: ");
  private static final Pattern MISSING_KEY = Pattern.compile("key '(.*)' is not present in map");
  private static final Pattern FIRST_NUMBER = Pattern.compile("-?[0-9]+");

  /** Compiles one rule; complaints name its place in the definition. */
  static Optional<CompiledRule> compile(
      CelEnvironment environment, Schema schema, Rule rule, Complaints complaints) {
    String at = Paths.child(rule.path(), "rule");
    CelAbstractSyntaxTree tree;
    Program program;
    try {
      tree = environment.check(rule.expression());
      if (!tree.getResultType().equals(SimpleType.BOOL)) {
        complaints.invalid(at, schemaRule(schema, rule), "cel expression must evaluate to a bool");
        return Optional.empty();
      }
      program = CelEnvironment.program(tree);
    } catch (CelValidationException e) {
      complaints.invalid(at, schemaRule(schema, rule), "compilation failed: " + e.getMessage());
      return Optional.empty();
    } catch (CelEvaluationException e) {
      complaints.invalid(
          at, schemaRule(schema, rule), "program instantiation failed: " + e.getMessage());
      return Optional.empty();
    }
    boolean usesOldSelf =
        tree.getReferenceMap().values().stream()
            .anyMatch(reference -> reference.name().equals(CelEnvironment.OLD_SELF));
    return Optional.of(
        new CompiledRule(
            rule,
            program,
            usesOldSelf,
            compileMessage(environment, schema, rule, complaints),
            FieldPath.normalize(schema, rule.fieldPath()).orElse("")));
  }

  private static Optional<Program> compileMessage(
      CelEnvironment environment, Schema schema, Rule rule, Complaints complaints) {
    if (rule.messageExpression().isBlank()) {
      return Optional.empty();
    }
    String at = Paths.child(rule.path(), "messageExpression");
    try {
      CelAbstractSyntaxTree tree = environment.check(rule.messageExpression());
      if (tree.getResultType().equals(SimpleType.STRING)) {
        return Optional.of(CelEnvironment.program(tree));
      }
      complaints.invalid(
          at, schemaRule(schema, rule), "messageExpression must evaluate to a string");
    } catch (CelValidationException | CelEvaluationException e) {
      complaints.invalid(
          at, schemaRule(schema, rule), "messageExpression compilation failed: " + e.getMessage());
    }
    return Optional.empty();
  }

  /** The rule as it stands in the definition, which complaints show as the wrong value. */
  private static JsonNode schemaRule(Schema schema, Rule rule) {
    for (var written : schema.source().path("x-kubernetes-validations")) {
      if (written.path("rule").asText().equals(rule.expression())) {
        return written;
      }
    }
    return schema.source();
  }

  /** Whether the rule holds. */
  boolean holds(Map<String, Object> variables) throws CelEvaluationException {
    return Boolean.TRUE.equals(program.eval(variables));
  }

  /** What to say when the rule does not hold. */
  String complaint(Map<String, Object> variables) {
    return message
        .flatMap(expression -> evaluateMessage(expression, variables))
        .orElseGet(
            () -> rule.message().isEmpty() ? "failed rule: " + shown() : rule.message().strip());
  }

  /** A message that cannot be computed or is no message gives way to the fixed one. */
  private static Optional<String> evaluateMessage(
      Program expression, Map<String, Object> variables) {
    Object value;
    try {
      value = expression.eval(variables);
    } catch (CelEvaluationException e) {
      return Optional.empty();
    }
    String text = value instanceof String string ? string.strip() : "";
    return Optional.of(text)
        .filter(t -> !t.isEmpty() && !t.contains("\n") && t.length() <= MAX_MESSAGE_BYTES);
  }

  private String shown() {
    return (rule.message().isEmpty() ? rule.expression() : rule.message()).strip();
  }

  /** The complaint for a rule that could not be evaluated. */
  String failure(CelEvaluationException e) {
    return switch (e.getErrorCode()) {
      case OVERLOAD_NOT_FOUND ->
          "'no such overload': call arguments did not match a supported operator, function or macro"
              + " signature for rule: "
              + shown();
      case ITERATION_BUDGET_EXCEEDED ->
          "'operation cancelled: actual cost limit exceeded': no further validation rules will be"
              + " run due to call cost exceeds limit for rule: "
              + shown();
      default -> evaluating(problem(e));
    };
  }

  /** What went wrong, as cel-go says it. */
  static String problem(CelEvaluationException e) {
    String problem = LOCATION.matcher(String.valueOf(e.getMessage())).replaceFirst("");
    CelErrorCode code = e.getErrorCode();
    return switch (code) {
      case ATTRIBUTE_NOT_FOUND -> {
        Matcher key = MISSING_KEY.matcher(problem);
        String name = key.find() ? key.group(1) : problem;
        yield name.contains(" ") ? problem : "no such key: " + name;
      }
      case INDEX_OUT_OF_BOUNDS -> {
        Matcher index = FIRST_NUMBER.matcher(problem);
        yield index.find() ? "index out of bounds: " + index.group() : problem;
      }
      case DIVIDE_BY_ZERO -> "division by zero";
      case NUMERIC_OVERFLOW -> "integer overflow";
      case OVERLOAD_NOT_FOUND -> "no such overload";
      case ITERATION_BUDGET_EXCEEDED -> "operation cancelled: actual cost limit exceeded";
      default -> problem;
    };
  }

  private String evaluating(String problem) {
    return problem + " evaluating rule: " + shown();
  }
}
