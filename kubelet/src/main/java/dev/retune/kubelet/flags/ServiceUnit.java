package dev.retune.kubelet.flags;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The command line that systemd makes of the kubelet's unit, its drop-ins and the files of
 * environment variables, with the file and line of every word (systemd.service(5), "Command lines";
 * systemd.exec(5), "Environment").
 */
public final class ServiceUnit {

  private record Variable(TracedText value, String file) {}

  private final Map<String, Variable> environment = new LinkedHashMap<>();
  private final List<String> environmentFiles = new ArrayList<>();
  private final List<String> missing = new ArrayList<>();
  private Optional<Variable> execStart = Optional.empty();

  private ServiceUnit() {}

  /**
   * Reads a unit.
   *
   * @param files the unit and its drop-ins in the order in which systemd reads them
   * @param environmentFiles gives the text of a file of {@code EnvironmentFile=}; empty when there
   *     is none
   */
  public static ServiceUnit read(
      List<TextFile> files, Function<String, Optional<String>> environmentFiles) {
    ServiceUnit unit = new ServiceUnit();
    files.forEach(unit::settings);
    for (String named : unit.environmentFiles) {
      boolean optional = named.startsWith("-");
      String name = optional ? named.substring(1) : named;
      Optional<String> text = environmentFiles.apply(name);
      // These are read when the service starts and win over Environment= wherever that stands.
      text.map(EnvironmentFile::parse)
          .orElse(Map.of())
          .forEach((key, value) -> unit.environment.put(key, new Variable(value, name)));
      if (text.isEmpty() && !optional) {
        unit.missing.add(name);
      }
    }
    return unit;
  }

  /**
   * Reads files of environment variables as if the {@code ExecStart=} of a unit had each of their
   * variables in turn, as kubeadm's has. A variable whose value does not begin with a dash holds no
   * flags and is left out.
   *
   * @param environmentFiles in the order in which systemd would read them: a later value of a
   *     variable takes the place of an earlier one
   */
  public static List<Argument> argumentsIn(List<TextFile> environmentFiles) {
    ServiceUnit unit = new ServiceUnit();
    for (TextFile file : environmentFiles) {
      EnvironmentFile.parse(file.text())
          .forEach((name, value) -> unit.environment.put(name, new Variable(value, file.name())));
    }
    List<Argument> arguments = new ArrayList<>();
    for (Map.Entry<String, Variable> variable : unit.environment.entrySet()) {
      if (variable.getValue().value().toString().strip().startsWith("-")) {
        unit.variable(variable.getKey(), arguments);
      }
    }
    return arguments;
  }

  /** Files of {@code EnvironmentFile=}, whether they are there or not. */
  public List<String> environmentFiles() {
    return environmentFiles.stream()
        .map(name -> name.startsWith("-") ? name.substring(1) : name)
        .toList();
  }

  /** Files of {@code EnvironmentFile=} that are not there: the service does not start without. */
  public List<String> missingFiles() {
    return List.copyOf(missing);
  }

  /**
   * The value of {@code ExecStart=} as it is written, variables and all, on one line; empty when
   * the unit has none.
   */
  public String execStart() {
    return execStart.map(exec -> exec.value().toString().strip()).orElse("");
  }

  /** Whether {@code ExecStart=} has that variable in it, as {@code $NAME} or {@code ${NAME}}. */
  public boolean uses(String variable) {
    return execStart.stream()
        .flatMap(exec -> exec.value().words(true).stream())
        .map(TracedText::toString)
        .anyMatch(word -> word.equals("$" + variable) || word.contains("${" + variable + "}"));
  }

  /** The words of a variable's value; none when it is not set. */
  public List<String> words(String variable) {
    List<Argument> words = new ArrayList<>();
    variable(variable, words);
    return words.stream().map(Argument::text).toList();
  }

  /** The executable of {@code ExecStart=} without its prefixes; empty when the unit has none. */
  public String executable() {
    return execStart
        .map(exec -> exec.value().words(true))
        .filter(words -> !words.isEmpty())
        .map(words -> words.getFirst().toString().replaceFirst("^[-@:+!|]+", ""))
        .orElse("");
  }

  /** The arguments of {@code ExecStart=} with all variables filled in, without the executable. */
  public List<Argument> arguments() {
    List<Argument> arguments = new ArrayList<>();
    if (execStart.isEmpty()) {
      return arguments;
    }
    Variable exec = execStart.get();
    List<TracedText> words = exec.value().words(true);
    for (TracedText word : words.subList(Math.min(1, words.size()), words.size())) {
      String text = word.toString();
      if (isVariable(text)) {
        variable(text.substring(1), arguments);
      } else {
        arguments.add(new Argument(expanded(text), new Origin(exec.file(), word.line(0))));
      }
    }
    return arguments;
  }

  private void settings(TextFile file) {
    String section = "";
    TracedText setting = new TracedText();
    int number = 0;
    boolean continued = false;
    for (String line : file.text().split("\n", -1)) {
      number++;
      String stripped = line.strip();
      boolean comment = stripped.startsWith("#") || stripped.startsWith(";");
      if (comment || (stripped.isEmpty() && !continued)) {
        continue;
      }
      continued = stripped.endsWith("\\");
      setting.add(
          continued ? stripped.substring(0, stripped.length() - 1) + " " : stripped, number);
      if (continued) {
        continue;
      }
      String text = setting.toString();
      if (text.startsWith("[") && text.endsWith("]")) {
        section = text.substring(1, text.length() - 1);
      } else if (section.equals("Service")) {
        int equals = text.indexOf('=');
        if (equals > 0) {
          setting(text.substring(0, equals).strip(), setting.from(equals + 1), file.name());
        }
      }
      setting = new TracedText();
    }
  }

  /** An empty value takes back what was set before, as systemd has it for lists. */
  private void setting(String key, TracedText value, String file) {
    boolean empty = value.toString().isBlank();
    switch (key) {
      case "ExecStart" ->
          execStart = empty ? Optional.empty() : Optional.of(new Variable(value, file));
      case "Environment" -> {
        if (empty) {
          environment.clear();
        }
        for (TracedText word : value.words(true)) {
          int equals = word.toString().indexOf('=');
          if (equals > 0) {
            environment.put(
                word.toString().substring(0, equals), new Variable(word.from(equals + 1), file));
          }
        }
      }
      case "EnvironmentFile" -> {
        if (empty) {
          environmentFiles.clear();
        } else {
          environmentFiles.add(value.toString().strip());
        }
      }
      default -> {}
    }
  }

  /** A word that is nothing but a variable becomes as many words as its value has. */
  private void variable(String name, List<Argument> arguments) {
    Variable variable = environment.get(name);
    if (variable == null) {
      return;
    }
    for (TracedText word : variable.value().words(false)) {
      arguments.add(new Argument(word.toString(), new Origin(variable.file(), word.line(0))));
    }
  }

  /** {@code ${NAME}} inside of a word is filled in as it is; two dollar signs are one. */
  private String expanded(String word) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < word.length(); i++) {
      char c = word.charAt(i);
      if (c == '$' && word.startsWith("$$", i)) {
        out.append('$');
        i++;
      } else if (c == '$' && word.startsWith("${", i) && word.indexOf('}', i) > 0) {
        int end = word.indexOf('}', i);
        Variable variable = environment.get(word.substring(i + 2, end));
        out.append(variable == null ? "" : variable.value());
        i = end;
      } else {
        out.append(c);
      }
    }
    return out.toString();
  }

  private static boolean isVariable(String word) {
    if (word.length() < 2 || word.charAt(0) != '$') {
      return false;
    }
    for (int i = 1; i < word.length(); i++) {
      char c = word.charAt(i);
      if (c != '_' && !(c < 0x80 && Character.isLetterOrDigit(c))) {
        return false;
      }
    }
    return true;
  }
}
