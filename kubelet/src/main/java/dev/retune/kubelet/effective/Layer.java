package dev.retune.kubelet.effective;

import dev.retune.kubelet.RelativePaths;
import dev.retune.kubelet.Source;
import dev.retune.kubelet.document.Document;
import dev.retune.kubelet.document.Node;
import dev.retune.kubelet.document.UnreadableException;
import dev.retune.kubelet.effective.Setting.Overridden;
import dev.retune.kubelet.facts.Facts;
import dev.retune.kubelet.flags.Origin;
import dev.retune.kubelet.flags.TextFile;
import dev.retune.kubelet.value.Decoder;
import dev.retune.kubelet.value.Encoder;
import dev.retune.kubelet.value.FieldNames;
import dev.retune.kubelet.value.Leaf;
import dev.retune.kubelet.value.Problems;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What one file says, field by field.
 *
 * @param file its name
 * @param leaves what it names, by the way to it
 * @param values the same as the kubelet would write it
 */
record Layer(String file, Map<List<String>, Leaf> leaves, Map<String, @Nullable Object> values) {

  /**
   * The layer of a config, in which names must be spelt right, and relative paths begin at its
   * directory.
   */
  static Layer ofConfig(TextFile file, Facts facts) {
    return of(
        file,
        facts,
        root ->
            file.name().startsWith("/")
                ? RelativePaths.absolute(root, RelativePaths.directory(file.name()))
                : root);
  }

  /** The layer of a drop-in. */
  static Layer ofDropIn(TextFile file, Facts facts) {
    return of(file, facts, root -> FieldNames.ignoringCase(root, facts.root()));
  }

  /** One that cannot be read says nothing. */
  private static Layer of(TextFile file, Facts facts, UnaryOperator<Node.Mapping> names) {
    Map<List<String>, Leaf> leaves = new LinkedHashMap<>();
    try {
      Document document = Document.read(file.text().getBytes(StandardCharsets.UTF_8));
      if (document.root() instanceof Node.Mapping root) {
        Node.Mapping named = names.apply(root);
        Leaf.of(named, facts.root()).stream()
            .filter(leaf -> !(leaf.value() instanceof Node.Null))
            .forEach(leaf -> leaves.put(leaf.steps(), leaf));
        Problems passedOver = new Problems();
        Decoder decoder = new Decoder(passedOver, passedOver, passedOver, "", name -> "");
        return new Layer(file.name(), leaves, Encoder.encode(decoder.root(named, facts.root())));
      }
    } catch (UnreadableException saidElsewhere) {
      return new Layer(file.name(), Map.of(), Map.of());
    }
    return new Layer(file.name(), Map.of(), Map.of());
  }

  Optional<Origin> origin(List<String> steps) {
    return Optional.ofNullable(leaves.get(steps)).map(leaf -> new Origin(file, leaf.line()));
  }

  /** Where it gives the field, or the map that would have this key, another content. */
  Optional<Origin> near(List<String> steps) {
    List<String> parent = steps.subList(0, steps.size() - 1);
    return leaves.values().stream()
        .filter(leaf ->
            leaf.leadsTo(steps)
                || (leaf.path().endsWith("]")
                    && leaf.steps().subList(0, leaf.steps().size() - 1).equals(parent)))
        .findFirst()
        .map(leaf -> new Origin(file, leaf.line()));
  }

  /**
   * What it says of a field that is not there in the end; nothing when it says that it is empty.
   */
  Optional<Overridden> said(List<String> steps) {
    Object value = value(steps);
    return value == null
        ? Optional.empty()
        : origin(steps).map(origin -> new Overridden(value, new Source.File(origin)));
  }

  /** Its value of a field; null when it has none. */
  @Nullable Object value(List<String> steps) {
    return leaves.containsKey(steps) ? Leaf.at(values, steps) : null;
  }
}
