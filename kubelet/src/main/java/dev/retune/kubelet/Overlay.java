package dev.retune.kubelet;

import dev.retune.kubelet.document.Document;
import dev.retune.kubelet.document.JsonWriter;
import dev.retune.kubelet.document.MergePatch;
import dev.retune.kubelet.document.Node;
import dev.retune.kubelet.document.Node.Entry;
import dev.retune.kubelet.document.Node.Mapping;
import dev.retune.kubelet.document.UnreadableException;
import dev.retune.kubelet.facts.Facts;
import dev.retune.kubelet.rules.Defaulting;
import dev.retune.kubelet.rules.Gates;
import dev.retune.kubelet.value.Decoder;
import dev.retune.kubelet.value.Encoder;
import dev.retune.kubelet.value.Problems;
import dev.retune.kubelet.value.StructValue;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Merges one document over another as the kubelet merges its own drop-ins ({@code
 * mergeKubeletConfigurations}, 1.30 to 1.36): the base is given its defaults; then objects and maps
 * are merged key by key, everything else, lists included, is replaced, and null takes a key away
 * (RFC 7386, JSON merge patch); then the defaults are applied again.
 *
 * <p>The document that comes out has that effect, and says no more than the two documents and what
 * the base's defaults added to it: a default that moves in a later version moves with it. In one
 * thing it is kinder than the kubelet: a list or map that the base sets to be empty stays empty,
 * where a drop-in, whatever is in it, brings the default back.
 */
public final class Overlay {

  private final Facts facts;

  private Overlay(KubeletVersion version) {
    this.facts = Facts.of(version.judgedAs());
  }

  /**
   * The document that {@code base} with {@code over} on top of it makes, as JSON.
   *
   * @param version the kubelet that is to run it, not older than {@link KubeletVersion#oldest()}
   * @throws UnreadableException when one of them cannot be read as a kubelet configuration; the
   *     message says which
   */
  public static byte[] merge(byte[] base, byte[] over, KubeletVersion version)
      throws UnreadableException {
    return new Overlay(version).merge(base, over);
  }

  private byte[] merge(byte[] base, byte[] over) throws UnreadableException {
    Mapping under = root(base, "the base");
    Mapping top = root(over, "the overlay");
    Mapping merged = MergePatch.apply(under, top);
    Mapping defaulted = (Mapping) Node.ofTree(effective(under));
    Map<String, @Nullable Object> wanted = effective(MergePatch.apply(defaulted, top));
    Map<String, @Nullable Object> got = effective(merged);
    Map<String, Entry> entries = new LinkedHashMap<>();
    merged.entries().forEach(entry -> entries.put(entry.key(), entry));
    wanted.forEach((field, value) -> {
      boolean untouched = isGiven(under, field) && !isGiven(top, field);
      if (!untouched && !Objects.equals(value, got.get(field))) {
        entries.put(field, new Entry(field, Node.ofTree(value), 0, 0));
      }
    });
    return JsonWriter.write(new Mapping(List.copyOf(entries.values()), 0, 0));
  }

  private static boolean isGiven(Mapping document, String field) {
    return document.entries().stream().anyMatch(entry -> entry.key().equals(field));
  }

  private Mapping root(byte[] bytes, String which) throws UnreadableException {
    try {
      Mapping root = Header.check(Document.read(bytes).root());
      decode(root);
      return root;
    } catch (UnreadableException e) {
      throw new UnreadableException(which + ": " + e.reason(), e.line(), e.column());
    }
  }

  private StructValue decode(Mapping root) throws UnreadableException {
    Problems errors = new Problems();
    Problems others = new Problems();
    StructValue config =
        new Decoder(errors, others, others, facts.version().toString(), name -> "")
            .root(root, facts.root());
    if (!errors.isEmpty()) {
      Complaint first = errors.toList().getFirst();
      throw new UnreadableException(
          first.field() + ": " + first.message(), first.line(), first.column());
    }
    return config;
  }

  /** What a kubelet makes of the document as its own file, without flags. */
  private Map<String, @Nullable Object> effective(Mapping root) throws UnreadableException {
    StructValue config = decode(root);
    Defaulting.apply(config, facts, new Gates(facts, config.map("featureGates")));
    Defaulting.evictionHard(config, facts.version());
    return Encoder.encode(config);
  }
}
