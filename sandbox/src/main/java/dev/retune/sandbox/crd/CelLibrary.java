package dev.retune.sandbox.crd;

import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.types.CelType;
import dev.cel.runtime.CelFunctionBinding;
import dev.cel.runtime.CelFunctionOverload;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Collects functions with their types, and gives them to the compiler and the runtime. */
final class CelLibrary {
  /** Names that CEL's own libraries bind too; the type checker tells whose overload is meant. */
  private static final Set<String> SHARED_NAMES = Set.of("indexOf", "lastIndexOf");

  private record Overload(CelOverloadDecl declaration, CelFunctionBinding binding) {}

  private final Map<String, List<Overload>> functions = new LinkedHashMap<>();

  private CelLibrary() {}

  private static CelLibrary kubernetes() {
    CelLibrary library = new CelLibrary();
    CelTextFunctions.addTo(library);
    CelListFunctions.addTo(library);
    CelQuantityFunctions.addTo(library);
    CelNetworkFunctions.addTo(library);
    return library;
  }

  static List<CelFunctionDecl> declarations() {
    List<CelFunctionDecl> declarations = new ArrayList<>();
    kubernetes()
        .functions
        .forEach((name, overloads) ->
            declarations.add(
                CelFunctionDecl.newFunctionDeclaration(
                    name, overloads.stream().map(Overload::declaration).toList())));
    return declarations;
  }

  static List<CelFunctionBinding> bindings() {
    List<CelFunctionBinding> bindings = new ArrayList<>();
    kubernetes()
        .functions
        .forEach((name, overloads) -> {
          List<CelFunctionBinding> ours = overloads.stream().map(Overload::binding).toList();
          bindings.addAll(
              SHARED_NAMES.contains(name) ? ours : CelFunctionBinding.fromOverloads(name, ours));
        });
    return bindings;
  }

  <A> void global(
      String name,
      String id,
      CelType result,
      CelType argument,
      Class<A> type,
      CelFunctionOverload.Unary<A> body) {
    add(
        name,
        CelOverloadDecl.newGlobalOverload(id, result, argument),
        CelFunctionBinding.from(id, type, body));
  }

  <A> void member(
      String name,
      String id,
      CelType result,
      CelType target,
      Class<A> type,
      CelFunctionOverload.Unary<A> body) {
    add(
        name,
        CelOverloadDecl.newMemberOverload(id, result, target),
        CelFunctionBinding.from(id, type, body));
  }

  <A, B> void member(
      String name,
      String id,
      CelType result,
      CelType target,
      Class<A> type,
      CelType argument,
      Class<B> argumentType,
      CelFunctionOverload.Binary<A, B> body) {
    add(
        name,
        CelOverloadDecl.newMemberOverload(id, result, target, argument),
        CelFunctionBinding.from(id, type, argumentType, body));
  }

  void add(String name, CelOverloadDecl declaration, CelFunctionBinding binding) {
    functions.computeIfAbsent(name, _ -> new ArrayList<>()).add(new Overload(declaration, binding));
  }
}
