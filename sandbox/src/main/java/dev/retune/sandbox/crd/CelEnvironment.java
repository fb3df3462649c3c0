package dev.retune.sandbox.crd;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationException;
import dev.cel.common.types.CelType;
import dev.cel.common.types.CelTypeProvider;
import dev.cel.common.types.OptionalType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerBuilder;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.extensions.CelExtensions;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import dev.cel.runtime.Program;
import java.util.Map;

/**
 * CEL with the functions that Kubernetes has in custom resources ({@code
 * k8s.io/apiserver/pkg/cel/environment/base.go}). The environment is built when the first rule is
 * compiled.
 */
final class CelEnvironment {
  static final String SELF = "self";
  static final String OLD_SELF = "oldSelf";

  /**
   * CEL for Java counts no cost. Kubernetes allows an expression a cost of 1,000,000 ({@code
   * PerCallLimit}) and an iteration costs 1 at least, so what goes on longer is refused there too.
   */
  private static final int MOST_ITERATIONS = 1_000_000;

  /** Holds what all rules share; loaded on first use, which takes a few hundred milliseconds. */
  private static final class Shared {
    static final CelOptions OPTIONS =
        CelOptions.current()
            .enableHeterogeneousNumericComparisons(true)
            .enableOptionalSyntax(true)
            .enableReservedIds(true)
            .enableRegexPartialMatch(true)
            .comprehensionMaxIterations(MOST_ITERATIONS)
            .build();
    static final CelCompiler COMPILER =
        CelCompilerFactory.standardCelCompilerBuilder()
            .setOptions(OPTIONS)
            .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
            .addLibraries(
                CelExtensions.strings(),
                CelExtensions.sets(OPTIONS),
                CelExtensions.optional(),
                CelExtensions.comprehensions())
            .addFunctionDeclarations(CelLibrary.declarations())
            .build();
    static final CelRuntime RUNTIME =
        CelRuntimeFactory.plannerRuntimeBuilder()
            .setOptions(OPTIONS)
            .addLibraries(
                CelExtensions.strings(),
                CelExtensions.sets(OPTIONS),
                CelExtensions.optional(),
                CelExtensions.comprehensions())
            .addFunctionBindings(CelLibrary.bindings())
            .build();
  }

  private final CelCompiler compiler;

  private CelEnvironment(CelCompiler compiler) {
    this.compiler = compiler;
  }

  /** An environment with variables of one's own. */
  static CelEnvironment of(CelTypeProvider types, Map<String, CelType> variables) {
    CelCompilerBuilder builder = Shared.COMPILER.toCompilerBuilder().setTypeProvider(types);
    variables.forEach(builder::addVar);
    return new CelEnvironment(builder.build());
  }

  /**
   * An environment for the rules of one place in a schema.
   *
   * @param self the type of {@code self}
   * @param optionalOldSelf {@code oldSelf} is an optional value
   */
  CelEnvironment(CelTypes types, CelType self, boolean optionalOldSelf) {
    compiler =
        Shared.COMPILER
            .toCompilerBuilder()
            .setTypeProvider(types.provider())
            .addVar(SELF, self)
            .addVar(OLD_SELF, optionalOldSelf ? OptionalType.create(self) : self)
            .build();
  }

  /** Parses and type-checks an expression. */
  CelAbstractSyntaxTree check(String expression) throws CelValidationException {
    return compiler.compile(expression, "<input>").getAst();
  }

  static Program program(CelAbstractSyntaxTree tree) throws CelEvaluationException {
    return Shared.RUNTIME.createProgram(tree);
  }
}
