package dev.retune.cli;

import dev.retune.kubelet.flags.Argument;
import dev.retune.kubelet.flags.ServiceUnit;
import dev.retune.kubelet.flags.TextFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Option;

/** The flags that a kubelet runs with: they win over its config. */
final class KubeletArgs {
  private static final String OPTION = "--kubelet-args";

  @Option(
      names = OPTION,
      paramLabel = "FILE",
      description = {
        "Judge with the kubelet's flags, which win over its config. Give the files of its service,"
            + " in systemd's order: unit, drop-ins, kubeadm-flags.env, /etc/default/kubelet; or only"
            + " such files of environment variables. May be given more than once."
      })
  private List<String> files = new ArrayList<>();

  /**
   * The flags with the files and lines they stand in; none when no file was given. What is said
   * about them goes to stderr.
   *
   * @param stdinTaken whether standard input is read as something else
   */
  List<Argument> read(Console console, boolean stdinTaken) {
    var units = new ArrayList<TextFile>();
    var environment = new ArrayList<TextFile>();
    for (String file : files) {
      if (stdinTaken && file.equals("-")) {
        throw Failure.usage(
            OPTION + " -: standard input is the config already", "name a file for one of them");
      }
      var text = new TextFile(file, new String(Input.read(console, file), StandardCharsets.UTF_8));
      (isUnit(text) ? units : environment).add(text);
    }
    return units.isEmpty()
        ? ServiceUnit.argumentsIn(environment)
        : ofService(units, environment, console);
  }

  /** Units have sections; files of variables have none. */
  private static boolean isUnit(TextFile file) {
    return file.text().lines().anyMatch(line -> line.strip().matches("\\[[A-Za-z]+]"));
  }

  /**
   * A unit names its files of variables as they are called on the node; here they lie elsewhere.
   */
  private static List<Argument> ofService(
      List<TextFile> units, List<TextFile> environment, Console console) {
    var named = new LinkedHashSet<String>();
    var used = new LinkedHashSet<TextFile>();
    var missing = new ArrayList<String>();
    var service =
        ServiceUnit.read(
            units,
            name -> {
              named.add(name);
              var given = given(name, environment);
              given.ifPresentOrElse(used::add, () -> missing.add(name));
              return given.map(TextFile::text);
            });
    if (service.executable().isEmpty()) {
      throw Failure.usage(
          OPTION + ": no ExecStart= in " + String.join(", ", names(units)),
          "give the drop-in that has it too, such as 10-kubeadm.conf");
    }
    for (TextFile file : environment) {
      if (!used.contains(file)) {
        throw Failure.usage(
            OPTION + " " + file.name() + ": the unit reads no file of that name",
            named.isEmpty()
                ? "it has no EnvironmentFile="
                : "it reads " + String.join(", ", named) + "; the last part of the name counts");
      }
    }
    missing.forEach(name ->
        console
            .err()
            .println("note: the unit reads " + name + " too; give it with " + OPTION + " FILE"));
    return service.arguments();
  }

  private static Optional<TextFile> given(String name, List<TextFile> environment) {
    return environment.stream()
        .filter(
            file -> Objects.equals(Path.of(file.name()).getFileName(), Path.of(name).getFileName()))
        .findFirst();
  }

  private static Set<String> names(List<TextFile> files) {
    var names = new LinkedHashSet<String>();
    files.forEach(file -> names.add(file.name()));
    return names;
  }
}
