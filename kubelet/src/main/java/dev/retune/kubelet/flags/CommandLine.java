package dev.retune.kubelet.flags;

import dev.retune.kubelet.Complaint;
import dev.retune.kubelet.KubeletVersion;
import dev.retune.kubelet.value.GoBool;
import dev.retune.kubelet.value.Words;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A kubelet's command line, read as the kubelet reads it: {@code --name=value}, {@code --name
 * value}, a switch alone, {@code -v2}; underscores are dashes; of a repeated flag with a single
 * value the last one counts.
 *
 * @param flags what was given, in that order; only flags that this version has, with values it can
 *     read
 * @param problems what this version does not take: the kubelet exits at once with any of them; the
 *     field of each is the flag, such as {@code --network-plugin}
 */
public record CommandLine(List<GivenFlag> flags, List<Complaint> problems) {

  /** No flags at all. */
  public static final CommandLine NONE = new CommandLine(List.of(), List.of());

  public CommandLine {
    flags = List.copyOf(flags);
    problems = List.copyOf(problems);
  }

  /**
   * Reads arguments.
   *
   * @param arguments without the executable
   */
  public static CommandLine parse(List<Argument> arguments, KubeletVersion version) {
    return new Reader(arguments, version).read();
  }

  /** The last flag of that name; empty when there is none. */
  public Optional<GivenFlag> last(String name) {
    return flags.stream()
        .filter(given -> given.flag().name().equals(name))
        .reduce((first, last) -> last);
  }

  /**
   * The flags that have an effect on a field: the last one of each name, and all of those that add
   * up.
   */
  public List<GivenFlag> settingFields() {
    List<GivenFlag> setting = new ArrayList<>();
    for (GivenFlag given : flags) {
      if (!given.flag().setsField() || isIdle(given)) {
        continue;
      }
      if (!given.flag().kind().addsUp()) {
        setting.removeIf(earlier -> earlier.flag().field().equals(given.flag().field()));
      }
      setting.add(given);
    }
    return setting;
  }

  /**
   * Whether a flag leaves its field alone: {@code --seccomp-default} turns it on and never off,
   * because the kubelet takes either; some others do nothing when they are empty.
   */
  private static boolean isIdle(GivenFlag given) {
    return switch (given.flag().name()) {
      case "seccomp-default" -> !GoBool.parse(given.value()).orElse(true);
      case "address", "healthz-bind-address", "reserved-memory" -> given.value().isEmpty();
      default -> false;
    };
  }

  /** The gates of all {@code --feature-gates}, a later one over an earlier one. */
  public Map<String, Boolean> gates() {
    Map<String, Boolean> gates = new LinkedHashMap<>();
    for (GivenFlag given : flags) {
      if (given.flag().kind() == Flag.Kind.GATES) {
        gates.putAll(FlagValues.gates(given.value()).orElse(Map.of()));
      }
    }
    return gates;
  }

  /** The last flag that sets that gate; empty when there is none. */
  public Optional<GivenFlag> settingGate(String gate) {
    return flags.stream()
        .filter(given -> given.flag().kind() == Flag.Kind.GATES)
        .filter(given ->
            FlagValues.gates(given.value()).map(set -> set.containsKey(gate)).orElse(false))
        .reduce((first, last) -> last);
  }

  private static final class Reader {
    private final List<Argument> arguments;
    private final KubeletVersion version;
    private final FlagTable table;
    private final List<GivenFlag> flags = new ArrayList<>();
    private final List<Complaint> problems = new ArrayList<>();

    Reader(List<Argument> arguments, KubeletVersion version) {
      this.arguments = arguments;
      this.version = version;
      this.table = FlagTable.of(version);
    }

    CommandLine read() {
      for (int i = 0; i < arguments.size(); i++) {
        i += argument(i);
      }
      return new CommandLine(flags, problems);
    }

    /** Reads the flag at an index and says how many further arguments its value took. */
    private int argument(int index) {
      Argument argument = arguments.get(index);
      String text = argument.text();
      if (!text.startsWith("-") || text.equals("-") || text.equals("--")) {
        problem(text, "is no flag; a kubelet takes nothing else", argument.origin());
        return 0;
      }
      boolean shorthand = !text.startsWith("--");
      String body = text.substring(shorthand ? 1 : 2);
      if (shorthand && body.length() > 1 && body.charAt(0) == 'v') {
        body = "v=" + body.substring(body.charAt(1) == '=' ? 2 : 1);
      }
      int equals = body.indexOf('=');
      String name = equals < 0 ? body : body.substring(0, equals);
      Optional<Flag> found = shorthand && !name.equals("v") ? Optional.empty() : table.find(name);
      if (found.isEmpty()) {
        String shown = (shorthand ? "-" : "--") + name;
        problem(
            shown,
            "kubelet "
                + version
                + " has no such flag"
                + (shorthand ? "" : table.remark(name))
                + "; it exits",
            argument.origin());
        // What does not start with a dash behind a flag nobody knows can only be its value.
        return equals < 0 && hasValueBehind(index) ? 1 : 0;
      }
      Flag flag = found.get();
      if (equals >= 0) {
        given(flag, body.substring(equals + 1), argument.origin());
      } else if (flag.kind() == Flag.Kind.BOOL) {
        given(flag, "true", argument.origin());
      } else if (index + 1 < arguments.size()) {
        given(flag, arguments.get(index + 1).text(), argument.origin());
        return 1;
      } else {
        problem("--" + name, "needs a value: " + flag.kind().wanted(), argument.origin());
      }
      return 0;
    }

    private boolean hasValueBehind(int index) {
      return index + 1 < arguments.size() && !arguments.get(index + 1).text().startsWith("-");
    }

    private void given(Flag flag, String value, Origin origin) {
      if (FlagValues.node(flag, List.of(value)).isEmpty()) {
        problem(
            "--" + flag.name(),
            Words.quoted(value)
                + " is not allowed; kubelet "
                + version
                + " wants "
                + flag.kind().wanted()
                + "; it exits",
            origin);
      } else {
        flags.add(new GivenFlag(flag, value, origin));
      }
    }

    private void problem(String flag, String message, Origin origin) {
      String where = origin.file().isEmpty() ? "" : " (" + origin + ")";
      problems.add(Complaint.of(Words.shortened(flag), message + where));
    }
  }
}
