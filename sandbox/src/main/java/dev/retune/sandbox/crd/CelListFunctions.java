package dev.retune.sandbox.crd;

import dev.cel.common.CelOverloadDecl;
import dev.cel.common.exceptions.CelInvalidArgumentException;
import dev.cel.common.types.ListType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.TypeParamType;
import dev.cel.common.values.CelByteString;
import dev.cel.runtime.CelFunctionBinding;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;

/** Kubernetes' list functions: isSorted, sum, min, max, indexOf, lastIndexOf. */
final class CelListFunctions {
  private static final TypeParamType T = TypeParamType.create("T");
  private static final ListType LIST = ListType.create(T);

  private CelListFunctions() {}

  static void addTo(CelLibrary library) {
    library.add(
        "indexOf",
        CelOverloadDecl.newMemberOverload("list_a_index_of_int", SimpleType.INT, LIST, T),
        CelFunctionBinding.from(
            "list_a_index_of_int",
            List.class,
            Object.class,
            (list, item) -> (long) list.indexOf(item)));
    library.add(
        "lastIndexOf",
        CelOverloadDecl.newMemberOverload("list_a_last_index_of_int", SimpleType.INT, LIST, T),
        CelFunctionBinding.from(
            "list_a_last_index_of_int",
            List.class,
            Object.class,
            (list, item) -> (long) list.lastIndexOf(item)));
    library.member(
        "isSorted",
        "list_is_sorted",
        SimpleType.BOOL,
        LIST,
        List.class,
        CelListFunctions::isSorted);
    library.member("min", "list_min", T, LIST, List.class, list -> extreme("min", list, -1));
    library.member("max", "list_max", T, LIST, List.class, list -> extreme("max", list, 1));
    library.member("sum", "list_sum", T, LIST, List.class, CelListFunctions::sum);
  }

  private static boolean isSorted(List<?> list) {
    for (int i = 1; i < list.size(); i++) {
      if (compare("isSorted", list.get(i - 1), list.get(i)) > 0) {
        return false;
      }
    }
    return true;
  }

  private static Object extreme(String function, List<?> list, int sign) {
    if (list.isEmpty()) {
      throw new CelInvalidArgumentException(function + " called on empty list");
    }
    Object best = list.getFirst();
    for (Object item : list) {
      if (Integer.signum(compare(function, item, best)) == sign) {
        best = item;
      }
    }
    return best;
  }

  private static Object sum(List<?> list) {
    Object sum = 0L;
    boolean first = true;
    for (Object item : list) {
      sum = first ? item : add(sum, item);
      first = false;
    }
    return sum;
  }

  private static Object add(Object a, Object b) {
    if (a instanceof Long x && b instanceof Long y) {
      return Math.addExact(x, y);
    } else if (a instanceof Double x && b instanceof Double y) {
      return x + y;
    } else if (a instanceof Duration x && b instanceof Duration y) {
      return x.plus(y);
    }
    throw noOverload("sum");
  }

  private static int compare(String function, Object a, Object b) {
    if (a instanceof Number x && b instanceof Number y) {
      return x instanceof Long i && y instanceof Long j
          ? Long.compare(i, j)
          : Double.compare(x.doubleValue(), y.doubleValue());
    } else if (a instanceof String x && b instanceof String y) {
      return x.compareTo(y);
    } else if (a instanceof Boolean x && b instanceof Boolean y) {
      return x.compareTo(y);
    } else if (a instanceof Duration x && b instanceof Duration y) {
      return x.compareTo(y);
    } else if (a instanceof Instant x && b instanceof Instant y) {
      return x.compareTo(y);
    } else if (a instanceof CelByteString x && b instanceof CelByteString y) {
      return Arrays.compareUnsigned(x.toByteArray(), y.toByteArray());
    }
    throw noOverload(function);
  }

  private static CelInvalidArgumentException noOverload(String function) {
    return new CelInvalidArgumentException("no such overload: " + function);
  }
}
