package dev.retune.kubelet.flags;

import dev.retune.kubelet.KubeletVersion;
import dev.retune.kubelet.facts.Facts;
import dev.retune.kubelet.facts.FlagFacts;
import dev.retune.kubelet.value.Words;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The flags a kubelet of one version has. */
public final class FlagTable {

  private final KubeletVersion version;

  private FlagTable(KubeletVersion version) {
    this.version = version;
  }

  /** The flags of a version; those of the newest known one for a newer one. */
  public static FlagTable of(KubeletVersion version) {
    return new FlagTable(version.judgedAs());
  }

  /** The flag of that name, which may be written with underscores; empty when there is none. */
  public Optional<Flag> find(String name) {
    return Optional.ofNullable(FlagFacts.all().get(normal(name)))
        .filter(flag -> flag.in(version))
        .map(this::here);
  }

  /** The flags that set a field or a part of it. */
  public List<Flag> ofField(String field) {
    return all().values().stream()
        .filter(flag -> flag.field().equals(field) || flag.field().startsWith(field + "."))
        .toList();
  }

  /** All flags by name. */
  public Map<String, Flag> all() {
    Map<String, Flag> flags = new TreeMap<>();
    FlagFacts.all()
        .forEach((name, flag) -> {
          if (flag.in(version)) {
            flags.put(name, here(flag));
          }
        });
    return flags;
  }

  /** A flag can be older than the field it sets; before that it only sets the kubelet's own. */
  private Flag here(Flag flag) {
    return flag.setsField() && !Facts.of(version).root().hasField(flag.steps())
        ? new Flag(flag.name(), flag.kind(), "", flag.since(), flag.until())
        : flag;
  }

  /** Why a name is no flag of this version, as far as that is known. */
  String remark(String name) {
    Flag flag = FlagFacts.all().get(normal(name));
    if (flag == null) {
      return Words.didYouMean(normal(name), all().keySet());
    }
    return version.minor() < flag.since()
        ? "; it came with 1." + flag.since()
        : "; 1." + flag.until() + " was the last to have it";
  }

  private static String normal(String name) {
    return name.replace('_', '-');
  }
}
