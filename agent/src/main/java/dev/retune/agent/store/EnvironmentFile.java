package dev.retune.agent.store;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The activation file (AGENT-8), in the form of systemd.exec(5) {@code EnvironmentFile=}. {@code
 * KUBELET_CONFIG_ARGS} is what kubeadm's drop-in uses; {@code RETUNE_KUBELET_ARGS} is what Retune's
 * drop-in appends for all other units.
 */
final class EnvironmentFile {

  private static final String CONFIG = "--config";
  private static final String NAMES_CONFIG = "RETUNE_KUBELET_ARGS=--config=";
  private static final Pattern PLAIN = Pattern.compile("[-+,._:@%=/a-zA-Z0-9]+");

  private EnvironmentFile() {}

  /**
   * Makes the kubelet use a config instead of its local one. What else the unit has in {@code
   * KUBELET_CONFIG_ARGS}, such as {@code --config-dir}, stays: systemd can replace a variable, not
   * a word of it.
   *
   * @param localConfigArguments as in {@link dev.retune.agent.core.WayBack}
   * @throws IOException when an argument cannot be carried by a line of such a file
   */
  static String text(Path config, List<String> localConfigArguments) throws IOException {
    return """
    # Written by Retune. To go back to the kubelet's local config, delete this file and restart the kubelet.
    KUBELET_CONFIG_ARGS=%s
    RETUNE_KUBELET_ARGS=--config=%s
    """
        .formatted(value(with(config, localConfigArguments)), config);
  }

  /**
   * Makes the kubelet use its local config though an earlier file of variables says otherwise. A
   * variable cannot be unset by a file, so the unit's own words are said again.
   */
  static String local(List<String> localConfigArguments) throws IOException {
    return """
    # Written by Retune's way back: the kubelet's local config, whatever an earlier file says.
    KUBELET_CONFIG_ARGS=%s
    RETUNE_KUBELET_ARGS=
    """
        .formatted(value(localConfigArguments));
  }

  /** The config that such a text names; empty when it names none. */
  static Optional<Path> config(String text) {
    return text.lines()
        .filter(line -> line.startsWith(NAMES_CONFIG))
        .map(line -> Path.of(line.substring(NAMES_CONFIG.length())))
        .reduce((first, last) -> last);
  }

  /** The arguments with {@code config} in the place of theirs. */
  private static List<String> with(Path config, List<String> arguments) {
    var others = new ArrayList<String>();
    others.add(CONFIG + "=" + config);
    for (int i = 0; i < arguments.size(); i++) {
      String argument = arguments.get(i);
      if (argument.equals(CONFIG)) {
        i++;
      } else if (!argument.startsWith(CONFIG + "=")) {
        others.add(argument);
      }
    }
    return others;
  }

  /**
   * Quoted twice where need be: systemd takes quotes off when it reads the file, and again when it
   * splits {@code $KUBELET_CONFIG_ARGS} into words (systemd.service(5)).
   */
  private static String value(List<String> words) throws IOException {
    for (String word : words) {
      if (word.chars().anyMatch(Character::isISOControl)) {
        throw new IOException(
            "the kubelet's argument \""
                + word.replaceAll("\\p{Cntrl}", "?")
                + "\" has a line break or another control character, which systemd's files of"
                + " variables cannot carry; take it out of KUBELET_CONFIG_ARGS");
      }
    }
    String line =
        words.stream()
            .map(word -> PLAIN.matcher(word).matches() ? word : quoted(word, "[\"\\\\]"))
            .collect(Collectors.joining(" "));
    return line.isEmpty() || PLAIN.matcher(line).matches() ? line : quoted(line, "[\"\\\\`$]");
  }

  private static String quoted(String text, String special) {
    return '"' + text.replaceAll(special, "\\\\$0") + '"';
  }
}
