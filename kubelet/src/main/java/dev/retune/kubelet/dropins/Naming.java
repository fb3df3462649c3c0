package dev.retune.kubelet.dropins;

import dev.retune.kubelet.document.Node;
import dev.retune.kubelet.facts.Facts;
import dev.retune.kubelet.flags.Origin;
import dev.retune.kubelet.flags.TextFile;
import dev.retune.kubelet.value.Leaf;
import dev.retune.kubelet.value.Problems;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Which drop-ins name a field, so that the kubelet takes it from there.
 *
 * @param files their names, in the order in which they are merged
 * @param leaves what each of them names
 */
public record Naming(List<String> files, List<List<Leaf>> leaves) {

  /** Looks through drop-ins; one that cannot be read names nothing. */
  public static Naming of(List<TextFile> dropIns, Facts facts) {
    List<String> files = new ArrayList<>();
    List<List<Leaf>> leaves = new ArrayList<>();
    int minor = facts.version().minor();
    for (TextFile file : dropIns) {
      Optional<DropIn> read = DropIn.read(file, facts, new Problems(), new Problems());
      List<Leaf> named =
          read.map(dropIn -> Leaf.of(dropIn.named(), facts.root())).orElse(List.of());
      files.add(file.name());
      leaves.add(named.stream().filter(leaf -> counts(leaf, minor)).toList());
    }
    return new Naming(List.copyOf(files), List.copyOf(leaves));
  }

  /** The last drop-in that sets a field, or takes it away with null. */
  public Optional<Origin> last(List<String> steps) {
    for (int i = files.size() - 1; i >= 0; i--) {
      Optional<Leaf> leaf = in(i, steps);
      if (leaf.isPresent()) {
        return Optional.of(new Origin(files.get(i), leaf.get().line()));
      }
    }
    return Optional.empty();
  }

  /** What the drop-in of that index says of a field. */
  public Optional<Leaf> in(int index, List<String> steps) {
    return leaves.get(index).stream()
        .filter(leaf ->
            leaf.steps().equals(steps)
                || (leaf.value() instanceof Node.Null && leaf.leadsTo(steps)))
        .reduce((first, last) -> last);
  }

  private static boolean counts(Leaf leaf, int minor) {
    if (minor < DropIns.PATCHES) {
      return !isZero(leaf.value());
    }
    return minor >= DropIns.V1BETA1
        || !(leaf.value() instanceof Node.Null
            || leaf.steps().getFirst().equals(DropIns.NAMED_OTHERWISE));
  }

  private static boolean isZero(Node node) {
    return switch (node) {
      case Node.Null n -> true;
      case Node.Bool b -> !b.value();
      case Node.Numeral n -> Double.parseDouble(n.text()) == 0;
      case Node.Text t -> t.value().isEmpty();
      case Node.Sequence s -> s.elements().isEmpty();
      case Node.Mapping m -> m.entries().isEmpty();
    };
  }
}
