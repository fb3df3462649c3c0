package dev.retune.kubelet;

import dev.retune.kubelet.flags.GivenFlag;
import dev.retune.kubelet.flags.Origin;

/** Where a value of a kubelet's configuration comes from. */
public sealed interface Source {

  /** Nobody set it: it is what kubelets of that version take then. */
  record Default(KubeletVersion version) implements Source {

    /** {@code default of 1.36}. */
    @Override
    public String toString() {
      return "default of " + version;
    }
  }

  /** A file: the config, or a drop-in; its line is 0 when the value is not written there. */
  record File(Origin origin) implements Source {

    /** {@code /var/lib/kubelet/config.yaml:12}. */
    @Override
    public String toString() {
      return origin.toString();
    }
  }

  /** A flag of the command line. */
  record Flag(GivenFlag given) implements Source {

    /** {@code --max-pods=110 (/var/lib/kubelet/kubeadm-flags.env:1)}. */
    @Override
    public String toString() {
      return given.toString();
    }
  }

  /** What sets it, in a word: {@code --max-pods}, {@code drop-in}. */
  default String by() {
    return switch (this) {
      case Default nothing -> "default";
      case File file -> "drop-in";
      case Flag flag -> "--" + flag.given().flag().name();
    };
  }

  /** Where it is written; empty for a default. */
  default String where() {
    return switch (this) {
      case Default nothing -> "";
      case File file -> file.origin().toString();
      case Flag flag -> flag.given().origin().toString();
    };
  }
}
