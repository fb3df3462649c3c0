package dev.retune.kubelet.dropins;

import dev.retune.kubelet.Header;
import dev.retune.kubelet.RelativePaths;
import dev.retune.kubelet.document.Document;
import dev.retune.kubelet.document.MergePatch;
import dev.retune.kubelet.document.Node;
import dev.retune.kubelet.document.UnreadableException;
import dev.retune.kubelet.facts.Facts;
import dev.retune.kubelet.flags.TextFile;
import dev.retune.kubelet.rules.Defaulting;
import dev.retune.kubelet.rules.Gates;
import dev.retune.kubelet.value.Decoder;
import dev.retune.kubelet.value.Encoder;
import dev.retune.kubelet.value.FieldNames;
import dev.retune.kubelet.value.FieldType.EitherDuration;
import dev.retune.kubelet.value.FieldType.Field;
import dev.retune.kubelet.value.Problems;
import dev.retune.kubelet.value.StructValue;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Merges drop-ins over a configuration as the kubelet of a version does ({@code
 * mergeKubeletConfigurations} in {@code cmd/kubelet/app/server.go}):
 *
 * <ul>
 *   <li>1.28 loads each as a whole configuration with defaults, and what is not zero in it replaces
 *       what was there: a default does so too, and {@code false} never does.
 *   <li>1.29 to 1.31 apply them as JSON merge patches to an object whose fields have other names,
 *       and decode that over the configuration. No default is set any more, null changes nothing,
 *       and {@code resolvConf}, which is called otherwise there, has no effect
 *       (kubernetes/kubernetes#126630).
 *   <li>1.32 and later apply them as JSON merge patches to the v1beta1 form and set the defaults
 *       again. What is empty there is not written and comes back as its default.
 * </ul>
 *
 * <p>Older kubelets have no drop-ins; they refuse the flag.
 *
 * @param facts the kubelet's
 * @param gates makes of a document's gates those in effect while defaults are set
 * @param errors receives what stops the kubelet, with the file
 * @param warnings receives what a kubelet passes over without a word
 */
public record DropIns(
    Facts facts,
    Function<Map<String, ?>, Map<String, ?>> gates,
    Problems errors,
    Problems warnings) {

  /** The first minor with drop-ins. */
  public static final int SINCE = 28;

  /** The first minor that applies them as JSON merge patches. */
  static final int PATCHES = 29;

  /** The first minor that applies these to the document's own form. */
  static final int V1BETA1 = 32;

  /** The one field whose name in a file is not its name in the kubelet. */
  static final String NAMED_OTHERWISE = "resolvConf";

  /**
   * The configuration with the drop-ins in it; of no use when there were errors.
   *
   * @param config with its defaults; it may be changed
   * @param files in the order in which they are merged
   */
  public StructValue merge(StructValue config, List<TextFile> files) {
    int minor = facts.version().minor();
    if (minor < SINCE || files.isEmpty()) {
      return config;
    }
    if (minor < PATCHES) {
      files.forEach(file -> whole(config, file));
      return config;
    }
    List<DropIn> dropIns = new ArrayList<>();
    files.forEach(file -> DropIn.read(file, facts, errors, warnings).ifPresent(dropIns::add));
    return minor < V1BETA1 ? overObject(config, dropIns) : overDocument(config, dropIns);
  }

  private StructValue overDocument(StructValue config, List<DropIn> dropIns) {
    Node.Mapping document = (Node.Mapping) Node.ofTree(Encoder.encode(config));
    for (DropIn dropIn : dropIns) {
      document = MergePatch.apply(document, dropIn.given());
    }
    StructValue merged =
        decoder().root(FieldNames.ignoringCase(document, facts.root()), facts.root());
    setDefaults(merged);
    return merged;
  }

  private StructValue overObject(StructValue config, List<DropIn> dropIns) {
    Node.Mapping patch = new Node.Mapping(List.of(), 0, 0);
    for (DropIn dropIn : dropIns) {
      patch = MergePatch.apply(patch, dropIn.given());
    }
    List<Node.Entry> effective = new ArrayList<>();
    for (Node.Entry entry : FieldNames.ignoringCase(patch, facts.root()).entries()) {
      if (!entry.key().equals(NAMED_OTHERWISE)) {
        effective.add(entry);
      }
    }
    decoder().over(new Node.Mapping(effective, 0, 0), config);
    return config;
  }

  private void whole(StructValue config, TextFile file) {
    Problems wrong = new Problems();
    Problems ignored = new Problems();
    try {
      byte[] text = file.text().getBytes(StandardCharsets.UTF_8);
      byte[] absolute = RelativePaths.absolute(text, RelativePaths.directory(file.name()));
      Node.Mapping root = Header.check(Document.read(absolute).root());
      StructValue other =
          new Decoder(wrong, ignored, ignored, facts.version().toString(), name -> "")
              .root(root, facts.root());
      setDefaults(other);
      Defaulting.evictionHard(other, facts.version());
      replace(config, other);
    } catch (UnreadableException e) {
      wrong.add("", e.reason(), e.line(), e.column());
    }
    wrong.toList().forEach(c -> errors.add("", DropIn.refused(file, c)));
    ignored.toList().forEach(c -> warnings.add("", DropIn.said(file, c)));
  }

  /** What is not zero takes the place of what was there. */
  private static void replace(StructValue config, StructValue other) {
    for (Field field : config.type().fields()) {
      Object value = other.get(field);
      Object before = config.get(field);
      if (value instanceof StructValue nested && before instanceof StructValue below) {
        replace(below, nested);
      } else if (value instanceof Map<?, ?> more && before instanceof Map<?, ?> map) {
        Map<Object, @Nullable Object> merged = new TreeMap<>(map);
        merged.putAll(more);
        config.set(field, merged);
      } else if (value != null && (before == null || !isZero(value))) {
        config.set(field, value);
      }
    }
  }

  private static boolean isZero(Object value) {
    return switch (value) {
      case String s -> s.isEmpty();
      case Long n -> n == 0;
      case Boolean b -> !b;
      case Double d -> d == 0;
      case EitherDuration d -> d.nanos() == 0;
      case List<?> list -> list.isEmpty();
      default -> false;
    };
  }

  private void setDefaults(StructValue config) {
    Defaulting.apply(config, facts, new Gates(facts, gates.apply(config.map("featureGates"))));
  }

  /** For what was checked before, file by file. */
  private Decoder decoder() {
    return new Decoder(
        errors, new Problems(), new Problems(), facts.version().toString(), name -> "");
  }
}
