package dev.retune.e2e.node;

import dev.retune.agent.core.Config;
import dev.retune.agent.core.Config.Checkpoint;
import dev.retune.agent.core.Document;
import dev.retune.agent.core.Layout;
import dev.retune.agent.core.WayBack;
import dev.retune.agent.install.WayBackUnits;
import dev.retune.agent.node.SystemdDeadMansSwitch;
import dev.retune.agent.store.DirectoryStore;
import dev.retune.agent.store.WayBackPlaces;
import dev.retune.api.ConfigMapNodeConfigSource;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What an agent does with its directory and the dead man's switch, for a machine on which none
 * runs. Started in the machine with words to be done in turn, such as {@code arm:good
 * activate:bad}; a checkpoint's document is its name and what follows a second colon.
 */
final class SwitchHand {
  private static final Layout LAYOUT = new Layout(Path.of("/var/lib/retune"));
  private static final WayBackPlaces PLACES = WayBackPlaces.of(LAYOUT);

  /** Has everything in it that systemd gives a meaning. */
  static final String ODD_WORD = "--odd=a blank, \"quotes\", 'more', $HOME, `date`, 100%, \\, #";

  private static final List<String> LOCAL =
      List.of("--config=/var/lib/kubelet/config.yaml", ODD_WORD);

  private final DirectoryStore store = new DirectoryStore(PLACES);
  private final SystemdDeadMansSwitch deadMansSwitch =
      new SystemdDeadMansSwitch(PLACES, WayBackUnits.SCRIPT);

  private SwitchHand() {}

  public static void main(String[] words) throws Exception {
    var hand = new SwitchHand();
    for (String word : words) {
      hand.run(word.substring(0, word.indexOf(':')), word.substring(word.indexOf(':') + 1));
    }
  }

  private void run(String verb, String about) throws Exception {
    switch (verb) {
      case "save" -> store.saveCheckpoint(checkpoint(about), document(about));
      case "activate" -> store.activate(config(about), LOCAL);
      case "arm" ->
          deadMansSwitch.arm(
              new WayBack(
                  "undone-hash",
                  config(about) instanceof Checkpoint checkpoint
                      ? Optional.of(LAYOUT.document(checkpoint))
                      : Optional.empty(),
                  LOCAL,
                  WayBackUnits.KUBELET_DIRECTORY));
      case "push" -> deadMansSwitch.push();
      case "pull" -> deadMansSwitch.pull();
      case "disarm" -> deadMansSwitch.disarm();
      case "tell" -> System.out.println(deadMansSwitch.armed() + " " + deadMansSwitch.taken());
      default -> throw new IllegalArgumentException(verb);
    }
  }

  private static Config config(String about) {
    return about.equals("local") ? new Config.Local() : checkpoint(about);
  }

  /** Where the kubelet finds the checkpoint of this name. */
  static String path(String name) {
    return LAYOUT.document(checkpoint(name)).toString();
  }

  private static Checkpoint checkpoint(String about) {
    String name = about.split(":", 2)[0];
    return new Checkpoint(
        new ConfigMapNodeConfigSource("kube-system", name, name, "1", "kubelet"),
        document(about).hash());
  }

  private static Document document(String about) {
    return Document.of(about.replace(':', '\n') + "\n");
  }
}
