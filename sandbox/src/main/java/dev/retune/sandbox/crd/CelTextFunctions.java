package dev.retune.sandbox.crd;

import com.google.common.collect.ImmutableList;
import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.exceptions.CelInvalidArgumentException;
import dev.cel.common.types.ListType;
import dev.cel.common.types.OpaqueType;
import dev.cel.common.types.OptionalType;
import dev.cel.common.types.SimpleType;
import dev.cel.runtime.CelFunctionBinding;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code find}, {@code findAll}, {@code format} of strings, and the named formats. */
final class CelTextFunctions {
  private static final OpaqueType FORMAT = OpaqueType.create("kubernetes.NamedFormat");
  private static final ListType STRINGS = ListType.create(SimpleType.STRING);

  private CelTextFunctions() {}

  static void addTo(CelLibrary library) {
    library.member(
        "find",
        "string_find_string",
        SimpleType.STRING,
        SimpleType.STRING,
        String.class,
        SimpleType.STRING,
        String.class,
        (text, regex) -> {
          Matcher matcher = pattern(regex).matcher(text);
          return matcher.find() ? matcher.group() : "";
        });
    library.member(
        "findAll",
        "string_find_all_string",
        STRINGS,
        SimpleType.STRING,
        String.class,
        SimpleType.STRING,
        String.class,
        (text, regex) -> findAll(text, regex, -1));
    library.add(
        "findAll",
        CelOverloadDecl.newMemberOverload(
            "string_find_all_string_int",
            STRINGS,
            SimpleType.STRING,
            SimpleType.STRING,
            SimpleType.INT),
        CelFunctionBinding.from(
            "string_find_all_string_int",
            ImmutableList.of(String.class, String.class, Long.class),
            args -> findAll((String) args[0], (String) args[1], (Long) args[2])));
    library.member(
        "format",
        "string_format",
        SimpleType.STRING,
        SimpleType.STRING,
        String.class,
        ListType.create(SimpleType.DYN),
        List.class,
        (pattern, arguments) -> CelFormat.format(pattern, arguments));
    addNamedFormats(library);
  }

  private static void addNamedFormats(CelLibrary library) {
    for (NamedFormat format : NamedFormat.values()) {
      String name = "format." + format.celName();
      library.add(
          name,
          CelOverloadDecl.newGlobalOverload(name, FORMAT, List.of()),
          CelFunctionBinding.from(name, ImmutableList.of(), _ -> format));
    }
    library.global(
        "format.named",
        "format-named",
        OptionalType.create(FORMAT),
        SimpleType.STRING,
        String.class,
        NamedFormat::named);
    library.member(
        "validate",
        "format-validate",
        OptionalType.create(STRINGS),
        FORMAT,
        NamedFormat.class,
        SimpleType.STRING,
        String.class,
        (format, text) -> {
          List<String> problems = format.problems(text);
          return problems.isEmpty() ? Optional.empty() : Optional.of(problems);
        });
  }

  private static List<String> findAll(String text, String regex, long limit) {
    List<String> found = new ArrayList<>();
    Matcher matcher = pattern(regex).matcher(text);
    while ((limit < 0 || found.size() < limit) && matcher.find()) {
      found.add(matcher.group());
    }
    return found;
  }

  private static Pattern pattern(String regex) {
    try {
      return Pattern.compile(regex);
    } catch (PatternSyntaxException e) {
      throw new CelInvalidArgumentException(e);
    }
  }
}
