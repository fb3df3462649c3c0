package dev.retune.sandbox.node;

import dev.retune.kube.Tree;
import dev.retune.sandbox.node.FlagTable.Flag;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A kubelet's command line. The last of a repeated flag wins; flags win over the configuration
 * file. Feature gates are the exception: they are given to the judge with the file, which knows how
 * a version merges them.
 */
final class KubeletFlags {

  /** In the order given: each value as it was written. */
  private record Given(Flag flag, String value) {}

  private final List<Given> given;

  private KubeletFlags(List<Given> given) {
    this.given = given;
  }

  /**
   * Reads arguments as a kubelet does: {@code --name=value}, {@code --name value}, a switch alone,
   * {@code -v2}.
   *
   * @throws KubeletFailure with the kubelet's words for an unknown flag, a missing or a bad value
   */
  static KubeletFlags parse(List<String> arguments, FlagTable table) throws KubeletFailure {
    List<Given> given = new ArrayList<>();
    for (int i = 0; i < arguments.size(); i++) {
      String argument = arguments.get(i);
      if (argument.equals("--") || !argument.startsWith("-") || argument.equals("-")) {
        String stray =
            argument.equals("--") && i + 1 < arguments.size() ? arguments.get(i + 1) : argument;
        throw new KubeletFailure("unknown command " + stray);
      }
      boolean shorthand = !argument.startsWith("--");
      String body = argument.substring(shorthand ? 1 : 2);
      if (shorthand && body.startsWith("h")) {
        body = "help";
      } else if (shorthand && !body.startsWith("v")) {
        throw failed("unknown shorthand flag: '%s' in %s".formatted(body.charAt(0), argument));
      } else if (shorthand && body.length() > 1 && body.charAt(1) != '=') {
        body = "v=" + body.substring(1);
      }
      int equals = body.indexOf('=');
      String name = equals < 0 ? body : body.substring(0, equals);
      Flag flag = table.find(name).orElseThrow(() -> failed("unknown flag: --" + name));
      String value;
      if (equals >= 0) {
        value = body.substring(equals + 1);
      } else if (flag.isSwitch()) {
        value = "true";
      } else if (i + 1 < arguments.size()) {
        value = arguments.get(++i);
      } else {
        throw failed("flag needs an argument: --" + name);
      }
      check(flag, value);
      given.add(new Given(flag, value));
    }
    return new KubeletFlags(given);
  }

  private static void check(Flag flag, String value) throws KubeletFailure {
    String why =
        switch (flag.kind()) {
          case BOOL ->
              bool(value).isPresent()
                  ? ""
                  : "strconv.ParseBool: parsing \"" + value + "\": invalid syntax";
          case INT ->
              value.matches("[+-]?[0-9]{1,18}")
                  ? ""
                  : "strconv.ParseInt: parsing \"" + value + "\": invalid syntax";
          case DURATION ->
              GoDuration.parse(value).isPresent() ? "" : "time: invalid duration \"" + value + "\"";
          case MAP -> malformed(value, '=');
          case THRESHOLDS -> malformed(value, '<');
          case GATES -> badGate(value);
          case STRING, LIST, TAINTS, VERSION -> "";
        };
    if (!why.isEmpty()) {
      throw failed(
          "invalid argument \"%s\" for \"--%s\" flag: %s".formatted(value, flag.name(), why));
    }
  }

  private static String malformed(String value, char between) {
    for (String pair : parts(value)) {
      if (pair.indexOf(between) < 0) {
        return "malformed pair, expect string" + between + "string";
      }
    }
    return "";
  }

  private static String badGate(String value) {
    for (String pair : parts(value)) {
      int equals = pair.indexOf('=');
      if (equals < 0) {
        return "missing bool value for " + pair;
      }
      if (bool(pair.substring(equals + 1)).isEmpty()) {
        return "invalid value of "
            + pair
            + ", err: strconv.ParseBool: parsing \""
            + pair.substring(equals + 1)
            + "\": invalid syntax";
      }
    }
    return "";
  }

  private static Optional<Boolean> bool(String text) {
    return switch (text) {
      case "1", "t", "T", "true", "TRUE", "True" -> Optional.of(true);
      case "0", "f", "F", "false", "FALSE", "False" -> Optional.of(false);
      default -> Optional.empty();
    };
  }

  private static KubeletFailure failed(String why) {
    return new KubeletFailure("failed to parse kubelet flag: " + why);
  }

  /**
   * The value of the last flag of this name; empty when there is none or it is the empty string.
   */
  Optional<String> value(String name) {
    return given.stream()
        .filter(one -> one.flag().name().equals(name))
        .map(Given::value)
        .reduce((first, last) -> last)
        .filter(value -> !value.isEmpty());
  }

  /** The value of the last flag of this name, or {@code otherwise}. */
  String value(String name, String otherwise) {
    return value(name).orElse(otherwise);
  }

  /** The gates of all {@code --feature-gates}, a later one over an earlier one. */
  Map<String, Boolean> featureGates() {
    Map<String, Boolean> gates = new LinkedHashMap<>();
    for (Given one : given) {
      if (one.flag().kind() == FlagTable.Kind.GATES) {
        for (String pair : parts(one.value())) {
          int equals = pair.indexOf('=');
          gates.put(
              pair.substring(0, equals).strip(), bool(pair.substring(equals + 1)).orElse(false));
        }
      }
    }
    return gates;
  }

  /** The labels of all {@code --node-labels}. */
  Map<String, String> nodeLabels() {
    Map<String, String> labels = new LinkedHashMap<>();
    given.stream()
        .filter(one -> one.flag().name().equals("node-labels"))
        .forEach(one -> labels.putAll(map(one.value(), '=')));
    return labels;
  }

  /** Whether any flag sets a configuration field other than the feature gates. */
  boolean setFields() {
    return given.stream().anyMatch(KubeletFlags::setsField);
  }

  private static boolean setsField(Given one) {
    return !one.flag().field().isEmpty() && one.flag().kind() != FlagTable.Kind.GATES;
  }

  /** Sets the fields that flags win over in a configuration. */
  void apply(Map<String, @Nullable Object> configuration) {
    for (Given one : given) {
      if (setsField(one)) {
        Tree.put(configuration, tree(one), one.flag().field().split("\\.", -1));
      }
    }
  }

  private static Object tree(Given one) {
    String value = one.value();
    return switch (one.flag().kind()) {
      case BOOL -> bool(value).orElse(false);
      case INT -> Long.parseLong(value);
      case LIST -> List.copyOf(parts(value));
      case MAP -> map(value, '=');
      case THRESHOLDS -> map(value, '<');
      case STRING, DURATION, GATES, TAINTS, VERSION -> value;
    };
  }

  private static Map<String, String> map(String value, char between) {
    Map<String, String> map = new LinkedHashMap<>();
    for (String pair : parts(value)) {
      int at = pair.indexOf(between);
      map.put(pair.substring(0, at).strip(), pair.substring(at + 1).strip());
    }
    return map;
  }

  private static List<String> parts(String value) {
    List<String> parts = new ArrayList<>();
    for (String part : value.split(",", -1)) {
      if (!part.isBlank()) {
        parts.add(part.strip());
      }
    }
    return parts;
  }
}
