package dev.retune.kubelet.effective;

import dev.retune.kubelet.Complaint;
import dev.retune.kubelet.Defaults;
import dev.retune.kubelet.Judgement;
import dev.retune.kubelet.KubeletConfig;
import dev.retune.kubelet.RelativePaths;
import dev.retune.kubelet.Source;
import dev.retune.kubelet.Target;
import dev.retune.kubelet.document.Node;
import dev.retune.kubelet.document.UnreadableException;
import dev.retune.kubelet.dropins.Naming;
import dev.retune.kubelet.effective.Setting.Overridden;
import dev.retune.kubelet.facts.Facts;
import dev.retune.kubelet.flags.CommandLine;
import dev.retune.kubelet.flags.Flag;
import dev.retune.kubelet.flags.GivenFlag;
import dev.retune.kubelet.flags.Origin;
import dev.retune.kubelet.flags.TextFile;
import dev.retune.kubelet.value.Leaf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a kubelet runs with, value by value, and where each comes from: its defaults, its config,
 * the drop-ins over that, the flags over all of them.
 *
 * @param judgement what the kubelet says to all of it; {@link Judgement#effective()} has the same
 *     values as a tree
 * @param settings in the kubelet's own order of fields; empty when it cannot read its files
 * @param lost values that are written in a file although the field is not there any more in the
 *     end, such as the other thresholds when a flag gives one
 */
public record EffectiveConfig(Judgement judgement, List<Setting> settings, List<Lost> lost) {

  /**
   * A value without effect.
   *
   * @param field path of the field
   * @param source where it is written
   * @param by what took it away; empty when that cannot be told
   */
  public record Lost(String field, @Nullable Object value, Source source, Optional<Source> by) {}

  public EffectiveConfig {
    settings = List.copyOf(settings);
    lost = List.copyOf(lost);
  }

  /**
   * Puts it together.
   *
   * @param config the file of {@code --config}; empty when the kubelet is started without
   * @param parts the files that one was put together from, the strongest last; none when it was
   *     written by hand
   * @param target the kubelet, with its drop-ins and flags
   */
  public static EffectiveConfig of(Optional<TextFile> config, List<TextFile> parts, Target target) {
    Judgement judgement = judge(config, target);
    if (judgement.effective().isEmpty()) {
      return new EffectiveConfig(judgement, List.of(), List.of());
    }
    return new Trace(config, parts, target, judgement).trace();
  }

  /**
   * The setting of that very field; empty when it is not set, or when more than one are below it.
   */
  public Optional<Setting> setting(String field) {
    return settings.stream().filter(setting -> setting.field().equals(field)).findFirst();
  }

  /** The setting of a field, or all that are below it. */
  public List<Setting> below(String field) {
    return settings.stream().filter(setting -> isWithin(setting.field(), field)).toList();
  }

  private static boolean isWithin(String path, String field) {
    return path.startsWith(field)
        && (path.length() == field.length() || ".[".indexOf(path.charAt(field.length())) >= 0);
  }

  private static Judgement judge(Optional<TextFile> config, Target target) {
    return config
        .map(file -> KubeletConfig.judge(absolute(file), target))
        .orElseGet(() -> KubeletConfig.judgeWithoutFile(target));
  }

  /** A kubelet resolves the relative paths of its config against that file's directory. */
  private static byte[] absolute(TextFile file) {
    byte[] bytes = file.text().getBytes(StandardCharsets.UTF_8);
    try {
      return RelativePaths.absolute(bytes, RelativePaths.directory(file.name()));
    } catch (UnreadableException saidByTheJudge) {
      return bytes;
    }
  }

  /** Follows each value back to where it comes from. */
  private static final class Trace {
    private final Target target;
    private final Judgement judgement;
    private final Facts facts;
    private final Map<String, @Nullable Object> defaults;
    private final Optional<Layer> config;
    private final List<Layer> parts;
    private final List<Layer> dropIns;
    private final Naming naming;

    /** What the kubelet would run, flags aside, after each further drop-in. */
    private final List<Map<String, @Nullable Object>> stages = new ArrayList<>();

    Trace(Optional<TextFile> config, List<TextFile> parts, Target target, Judgement judgement) {
      this.target = target;
      this.judgement = judgement;
      this.facts = Facts.of(judgement.version());
      this.defaults = Defaults.of(judgement.version());
      this.config = config.map(file -> Layer.ofConfig(file, facts));
      this.parts = parts.stream().map(file -> Layer.ofConfig(file, facts)).toList();
      this.dropIns = target.dropIns().stream().map(file -> Layer.ofDropIn(file, facts)).toList();
      this.naming = Naming.of(target.dropIns(), facts);
      Target plain = target.with(CommandLine.NONE);
      for (int count = 0; count <= dropIns.size(); count++) {
        stages.add(judge(config, plain.with(target.dropIns().subList(0, count))).effective());
      }
    }

    EffectiveConfig trace() {
      List<Setting> settings = new ArrayList<>();
      Set<List<String>> there = new HashSet<>();
      Node.Mapping tree = (Node.Mapping) Node.ofTree(judgement.effective());
      for (Leaf leaf : Leaf.of(tree, facts.root())) {
        settings.add(setting(leaf));
        there.add(leaf.steps());
      }
      for (Leaf leaf : Leaf.of((Node.Mapping) Node.ofTree(defaults), facts.root())) {
        if (!there.contains(leaf.steps()) && !isBelow(leaf.steps(), there)) {
          settings.add(missing(leaf));
          there.add(leaf.steps());
        }
      }
      settings.sort(Comparator.comparingInt(this::place));
      List<Lost> lost = new ArrayList<>();
      for (int i = dropIns.size() - 1; i >= 0; i--) {
        lost(dropIns.get(i), there, lost);
      }
      config.ifPresent(layer -> lost(layer, there, lost));
      return new EffectiveConfig(judgement, settings, lost);
    }

    private Setting setting(Leaf leaf) {
      List<String> steps = leaf.steps();
      Object value = Leaf.at(judgement.effective(), steps);
      List<Overridden> sources = new ArrayList<>();
      flag(leaf).ifPresent(given -> sources.add(new Overridden(value, new Source.Flag(given))));
      boolean reset = false;
      for (int i = dropIns.size(); i > 0 && !reset; i--) {
        reset = dropIn(i, steps, sources);
      }
      if (!reset) {
        config.ifPresent(layer -> config(layer, steps, sources));
      }
      Source source =
          sources.isEmpty() ? new Source.Default(judgement.version()) : sources.getFirst().source();
      return new Setting(
          leaf.path(),
          value,
          source,
          source instanceof Source.File ? part(steps, source) : Optional.empty(),
          Objects.equals(value, Leaf.at(defaults, steps)),
          sources.isEmpty() ? sources : sources.subList(1, sources.size()));
    }

    /** A default that is gone: a list was emptied, a map was given without that key. */
    private Setting missing(Leaf leaf) {
      List<String> steps = leaf.steps();
      Optional<Source> source =
          flag(leaf)
              .<Source>map(Source.Flag::new)
              .or(() -> naming.last(steps).map(Source.File::new))
              .or(() -> near(steps).map(Source.File::new));
      return new Setting(
          leaf.path(),
          null,
          source.orElse(new Source.Default(judgement.version())),
          Optional.empty(),
          false,
          Stream.concat(dropIns.reversed().stream(), config.stream())
              .flatMap(layer -> layer.said(steps).stream())
              .toList());
    }

    /** The file with which it went: it has the same map with other keys. */
    private Optional<Origin> near(List<String> steps) {
      for (int i = dropIns.size(); i > 0; i--) {
        if (Leaf.at(stages.get(i - 1), steps) != null && Leaf.at(stages.get(i), steps) == null) {
          return dropIns.get(i - 1).near(steps);
        }
      }
      return Leaf.at(stages.getFirst(), steps) == null
          ? config.flatMap(layer -> layer.near(steps))
          : Optional.empty();
    }

    private int place(Setting setting) {
      String field = Complaint.of(setting.field(), "").topLevelField();
      return Objects.requireNonNull(facts.root().field(field)).index();
    }

    private Optional<GivenFlag> flag(Leaf leaf) {
      List<String> steps = leaf.steps();
      if (steps.getFirst().equals("featureGates")) {
        return target.commandLine().settingGate(steps.getLast());
      }
      return target.commandLine().settingFields().stream()
          .filter(given -> given.flag().kind() != Flag.Kind.GATES)
          .filter(given -> isWithin(leaf.path(), given.flag().field()))
          .reduce((first, last) -> last);
    }

    /**
     * Notes what a drop-in says of a field.
     *
     * @return whether it brought the default back, so that what comes before it does not matter
     */
    private boolean dropIn(int stage, List<String> steps, List<Overridden> sources) {
      Layer layer = dropIns.get(stage - 1);
      Object after = Leaf.at(stages.get(stage), steps);
      boolean changed = !Objects.equals(Leaf.at(stages.get(stage - 1), steps), after);
      Optional<Leaf> named = naming.in(stage - 1, steps);
      if (named.isEmpty() || named.get().value() instanceof Node.Null) {
        return changed;
      }
      Object said = layer.value(steps);
      if (isDefaulted(said, after, steps)) {
        return true;
      }
      sources.add(
          new Overridden(said, new Source.File(new Origin(layer.file(), named.get().line()))));
      return false;
    }

    private void config(Layer layer, List<String> steps, List<Overridden> sources) {
      Optional<Origin> origin = layer.origin(steps);
      if (origin.isPresent()) {
        Object said = layer.value(steps);
        if (!isDefaulted(said, Leaf.at(stages.getFirst(), steps), steps)) {
          sources.add(new Overridden(said, new Source.File(origin.get())));
        }
      }
    }

    /** Whether a kubelet took a value, such as {@code maxPods: 0}, for none. */
    private boolean isDefaulted(@Nullable Object said, @Nullable Object after, List<String> steps) {
      return !Objects.equals(said, after) && Objects.equals(after, Leaf.at(defaults, steps));
    }

    /** The strongest part that has this value; only of the config, not of a drop-in. */
    private Optional<Origin> part(List<String> steps, Source source) {
      boolean ofConfig =
          config
              .flatMap(layer -> layer.origin(steps))
              .map(Source.File::new)
              .equals(Optional.of(source));
      Object value = Leaf.at(stages.getFirst(), steps);
      for (Layer layer : ofConfig ? parts.reversed() : List.<Layer>of()) {
        if (layer.leaves().containsKey(steps) && Objects.equals(layer.value(steps), value)) {
          return layer.origin(steps);
        }
      }
      return Optional.empty();
    }

    /** What a layer names and the end result does not have at all. */
    private void lost(Layer layer, Set<List<String>> there, List<Lost> lost) {
      layer
          .leaves()
          .forEach((steps, leaf) -> {
            Object value = layer.value(steps);
            if (!there.contains(steps) && !isNothing(value) && !isBelow(steps, there)) {
              lost.add(
                  new Lost(
                      leaf.path(),
                      value,
                      new Source.File(new Origin(layer.file(), leaf.line())),
                      takenBy(leaf)));
            }
          });
    }

    private Optional<Source> takenBy(Leaf leaf) {
      Optional<Source> flag = flag(leaf).map(Source.Flag::new);
      return flag.isPresent() ? flag : naming.last(leaf.steps()).map(Source.File::new);
    }

    /** Nothing and an empty list or object are written the same way: not at all. */
    private static boolean isNothing(@Nullable Object value) {
      return switch (value) {
        case null -> true;
        case List<?> list -> list.isEmpty();
        case Map<?, ?> map -> map.isEmpty();
        case String text -> text.isEmpty();
        case Boolean on -> !on;
        case Number number -> number.doubleValue() == 0;
        default -> false;
      };
    }

    /** Whether the way ends at an object of which only the fields below it are told. */
    private static boolean isBelow(List<String> steps, Set<List<String>> there) {
      return there.stream()
          .anyMatch(
              other -> other.size() > steps.size() && other.subList(0, steps.size()).equals(steps));
    }
  }

  /** What keeps the kubelet from starting, and what it passes over: all that the judgement has. */
  public List<Complaint> complaints() {
    List<Complaint> all = new ArrayList<>(judgement.errors());
    all.addAll(judgement.strict());
    all.addAll(judgement.warnings());
    return all;
  }
}
