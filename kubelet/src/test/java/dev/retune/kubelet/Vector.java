package dev.retune.kubelet;

import dev.retune.kubelet.document.Document;
import dev.retune.kubelet.document.UnreadableException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** A document and what a real kubelet made of it. */
record Vector(
    String id,
    String config,
    Verdict verdict,
    Set<String> fields,
    boolean strict,
    Map<String, @Nullable Object> delta) {

  /** Some 1,100 documents per version. */
  static List<Vector> of(KubeletVersion version) {
    String name = "vectors/" + version + ".jsonl.gz";
    try (InputStream in =
            Objects.requireNonNull(
                Vector.class.getResourceAsStream(name),
                "there are no answers of kubelets: " + name);
        BufferedReader lines =
            new BufferedReader(
                new InputStreamReader(new GZIPInputStream(in), StandardCharsets.UTF_8))) {
      return lines.lines().map(Vector::parse).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @SuppressWarnings("unchecked")
  private static Vector parse(String line) {
    Map<?, ?> tree;
    try {
      byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
      tree = (Map<?, ?>) Objects.requireNonNull(Trees.of(Document.read(bytes).root()));
    } catch (UnreadableException e) {
      throw new IllegalStateException(line, e);
    }
    Object fields = tree.get("fields");
    Object delta = tree.get("defaultedDelta");
    return new Vector(
        (String) Objects.requireNonNull(tree.get("id")),
        (String) Objects.requireNonNull(tree.get("config")),
        Verdict.valueOf(
            ((String) Objects.requireNonNull(tree.get("verdict"))).toUpperCase(Locale.ROOT)),
        fields == null ? Set.of() : new TreeSet<>((List<String>) fields),
        tree.containsKey("strict"),
        delta == null ? Map.of() : (Map<String, @Nullable Object>) delta);
  }
}
