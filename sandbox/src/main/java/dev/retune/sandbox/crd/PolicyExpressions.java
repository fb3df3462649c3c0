package dev.retune.sandbox.crd;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.collect.ImmutableMap;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelValidationException;
import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.StructType;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.Program;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The CEL of one ValidatingAdmissionPolicy: {@code object}, {@code oldObject}, {@code request},
 * {@code namespaceObject}, {@code params} if there are some, and its own {@code variables}. There
 * is no {@code authorizer}.
 */
public final class PolicyExpressions {
  private static final String VARIABLES = "variables";
  private static final StructType KIND = struct("kubernetes.GroupVersionKind", "kind");
  private static final StructType RESOURCE = struct("kubernetes.GroupVersionResource", "resource");
  private static final StructType USER =
      struct(
          "kubernetes.UserInfo",
          Map.of(
              "username",
              SimpleType.STRING,
              "uid",
              SimpleType.STRING,
              "groups",
              ListType.create(SimpleType.STRING),
              "extra",
              MapType.create(SimpleType.STRING, ListType.create(SimpleType.STRING))));
  private static final StructType REQUEST =
      struct(
          "kubernetes.AdmissionRequest",
          Map.ofEntries(
              Map.entry("kind", KIND),
              Map.entry("resource", RESOURCE),
              Map.entry("subResource", SimpleType.STRING),
              Map.entry("requestKind", KIND),
              Map.entry("requestResource", RESOURCE),
              Map.entry("requestSubResource", SimpleType.STRING),
              Map.entry("name", SimpleType.STRING),
              Map.entry("namespace", SimpleType.STRING),
              Map.entry("operation", SimpleType.STRING),
              Map.entry("userInfo", USER),
              Map.entry("dryRun", SimpleType.BOOL),
              Map.entry("options", SimpleType.DYN)));

  private final boolean params;
  private final Map<String, Compiled> variables = new LinkedHashMap<>();
  private final Map<String, CelType> variableTypes = new LinkedHashMap<>();

  /**
   * @param params whether the policy has a {@code paramKind}
   */
  public PolicyExpressions(boolean params) {
    this.params = params;
  }

  /** What an expression is about, besides the variables. */
  public record Input(
      JsonNode object,
      JsonNode oldObject,
      JsonNode request,
      JsonNode params,
      JsonNode namespaceObject) {}

  /** An expression that can be evaluated. */
  public record Compiled(String expression, Program program) {}

  /** An expression that is none, or that cannot be evaluated for this input. */
  public static final class Failed extends Exception {
    private static final long serialVersionUID = 1L;

    Failed(String message) {
      super(message);
    }

    /** What is wrong, in Kubernetes' words. */
    public String text() {
      return String.valueOf(getMessage());
    }
  }

  /**
   * Declares a variable for those expressions that are compiled later.
   *
   * @throws Failed when the expression is none
   */
  public void declare(String name, String expression) throws Failed {
    CelAbstractSyntaxTree tree = check(expression);
    variables.put(name, program(expression, tree));
    variableTypes.put(name, tree.getResultType());
  }

  /**
   * Compiles a condition.
   *
   * @throws Failed when it is no expression of type bool
   */
  public Compiled condition(String expression) throws Failed {
    return typed(expression, SimpleType.BOOL, "must evaluate to bool");
  }

  /**
   * Compiles a message.
   *
   * @throws Failed when it is no expression of type string
   */
  public Compiled message(String expression) throws Failed {
    return typed(expression, SimpleType.STRING, "must evaluate to string");
  }

  /** The variables' values for an input; see {@link #evaluate}. */
  public Scope scope(Input input) {
    Map<String, Object> values = new HashMap<>();
    values.put("object", CelValues.untyped(input.object()));
    values.put("oldObject", CelValues.untyped(input.oldObject()));
    values.put("request", CelValues.untyped(input.request()));
    values.put("namespaceObject", CelValues.untyped(input.namespaceObject()));
    if (params) {
      values.put("params", CelValues.untyped(input.params()));
    }
    Map<String, Object> known = new HashMap<>();
    values.put(VARIABLES, known);
    Map<String, String> failed = new HashMap<>();
    variables.forEach((name, variable) -> {
      try {
        known.put(name, variable.program().eval(values));
      } catch (CelEvaluationException e) {
        failed.put(name, CompiledRule.problem(e));
      }
    });
    return new Scope(values, failed);
  }

  /**
   * Values by name.
   *
   * @param failed why variables have no value; that matters to those that use them only
   */
  public record Scope(Map<String, Object> values, Map<String, String> failed) {}

  /**
   * Evaluates an expression.
   *
   * @return the value if it is a boolean or a text, else empty
   * @throws Failed when that is not possible
   */
  public static Optional<Object> evaluate(Compiled compiled, Scope scope) throws Failed {
    try {
      Object value = compiled.program().eval(scope.values());
      return Optional.of(value).filter(v -> v instanceof Boolean || v instanceof String);
    } catch (CelEvaluationException e) {
      String problem = CompiledRule.problem(e);
      String name = problem.startsWith("no such key: ") ? problem.substring(13) : "";
      String why = scope.failed().get(name);
      throw new Failed(
          "expression '%s' resulted in error: %s"
              .formatted(
                  compiled.expression(),
                  why == null
                      ? problem
                      : "composited variable \"%s\" fails to evaluate: %s".formatted(name, why)));
    }
  }

  private Compiled typed(String expression, CelType type, String otherwise) throws Failed {
    CelAbstractSyntaxTree tree = check(expression);
    boolean fits = tree.getResultType().equals(type) || tree.getResultType().equals(SimpleType.DYN);
    if (!fits) {
      throw new Failed("compilation error: " + otherwise);
    }
    return program(expression, tree);
  }

  private CelAbstractSyntaxTree check(String expression) throws Failed {
    StructType declared = struct("kubernetes.variables", variableTypes);
    Map<String, CelType> all = new LinkedHashMap<>();
    all.put("object", SimpleType.DYN);
    all.put("oldObject", SimpleType.DYN);
    all.put("request", REQUEST);
    all.put("namespaceObject", SimpleType.DYN);
    all.put(VARIABLES, declared);
    if (params) {
      all.put("params", SimpleType.DYN);
    }
    Map<String, StructType> structs = new LinkedHashMap<>();
    List.of(KIND, RESOURCE, USER, REQUEST, declared)
        .forEach(type -> structs.put(type.name(), type));
    try {
      return CelEnvironment.of(CelTypes.provider(structs), all).check(expression);
    } catch (CelValidationException e) {
      throw new Failed("compilation error: compilation failed: " + e.getMessage());
    }
  }

  private static Compiled program(String expression, CelAbstractSyntaxTree tree) throws Failed {
    try {
      return new Compiled(expression, CelEnvironment.program(tree));
    } catch (CelEvaluationException e) {
      throw new Failed("compilation error: program instantiation failed: " + e.getMessage());
    }
  }

  private static StructType struct(String name, String last) {
    return struct(
        name,
        Map.of("group", SimpleType.STRING, "version", SimpleType.STRING, last, SimpleType.STRING));
  }

  private static StructType struct(String name, Map<String, ? extends CelType> fields) {
    ImmutableMap<String, CelType> types = ImmutableMap.copyOf(fields);
    return StructType.create(name, types.keySet(), field -> Optional.ofNullable(types.get(field)));
  }
}
