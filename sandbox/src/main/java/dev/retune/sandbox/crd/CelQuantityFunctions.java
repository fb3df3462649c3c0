package dev.retune.sandbox.crd;

import dev.cel.common.exceptions.CelInvalidArgumentException;
import dev.cel.common.exceptions.CelNumericOverflowException;
import dev.cel.common.types.CelType;
import dev.cel.common.types.OpaqueType;
import dev.cel.common.types.SimpleType;
import dev.cel.runtime.CelFunctionOverload;
import java.math.BigDecimal;

/** {@code quantity("1.5Gi")} and what can be asked of it. */
final class CelQuantityFunctions {
  private static final OpaqueType QUANTITY = OpaqueType.create("kubernetes.Quantity");

  private CelQuantityFunctions() {}

  static void addTo(CelLibrary library) {
    library.global(
        "quantity",
        "string_to_quantity",
        QUANTITY,
        SimpleType.STRING,
        String.class,
        text ->
            Quantity.parse(text)
                .orElseThrow(() ->
                    new CelInvalidArgumentException(
                        "quantities must match the regular expression"
                            + " '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'")));
    library.global(
        "isQuantity",
        "is_quantity_string",
        SimpleType.BOOL,
        SimpleType.STRING,
        String.class,
        text -> Quantity.parse(text).isPresent());
    library.global(
        "sign",
        "quantity_sign",
        SimpleType.INT,
        QUANTITY,
        Quantity.class,
        q -> (long) q.value().signum());
    unary(
        library,
        "asApproximateFloat",
        "quantity_get_float",
        SimpleType.DOUBLE,
        q -> q.value().doubleValue());
    unary(library, "isInteger", "quantity_is_integer", SimpleType.BOOL, Quantity::isInteger);
    unary(library, "asInteger", "quantity_get_int", SimpleType.INT, CelQuantityFunctions::asLong);
    binary(
        library,
        "isGreaterThan",
        "quantity_is_greater_than",
        SimpleType.BOOL,
        (a, b) -> a.value().compareTo(b.value()) > 0);
    binary(
        library,
        "isLessThan",
        "quantity_is_less_than",
        SimpleType.BOOL,
        (a, b) -> a.value().compareTo(b.value()) < 0);
    binary(
        library,
        "compareTo",
        "quantity_compare_to",
        SimpleType.INT,
        (a, b) -> (long) a.value().compareTo(b.value()));
    binary(library, "add", "quantity_add", QUANTITY, (a, b) -> a.plus(b.value()));
    binary(library, "sub", "quantity_sub", QUANTITY, (a, b) -> a.minus(b.value()));
    withInt(library, "add", "quantity_add_int", (a, b) -> a.plus(BigDecimal.valueOf(b)));
    withInt(library, "sub", "quantity_sub_int", (a, b) -> a.minus(BigDecimal.valueOf(b)));
  }

  private static void unary(
      CelLibrary library,
      String name,
      String id,
      CelType result,
      CelFunctionOverload.Unary<Quantity> body) {
    library.member(name, id, result, QUANTITY, Quantity.class, body);
  }

  private static void binary(
      CelLibrary library,
      String name,
      String id,
      CelType result,
      CelFunctionOverload.Binary<Quantity, Quantity> body) {
    library.member(name, id, result, QUANTITY, Quantity.class, QUANTITY, Quantity.class, body);
  }

  private static void withInt(
      CelLibrary library, String name, String id, CelFunctionOverload.Binary<Quantity, Long> body) {
    library.member(name, id, QUANTITY, QUANTITY, Quantity.class, SimpleType.INT, Long.class, body);
  }

  private static long asLong(Quantity quantity) {
    if (!quantity.isInteger()) {
      throw new CelNumericOverflowException("cannot convert value to integer");
    }
    return quantity.value().longValueExact();
  }
}
