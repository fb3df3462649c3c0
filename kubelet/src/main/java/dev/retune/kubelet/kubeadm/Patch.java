package dev.retune.kubelet.kubeadm;

import dev.retune.kubelet.document.Document;
import dev.retune.kubelet.document.MergePatch;
import dev.retune.kubelet.document.Node;
import dev.retune.kubelet.document.Node.Mapping;
import dev.retune.kubelet.document.UnreadableException;
import dev.retune.kubelet.flags.TextFile;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One patch for the kubelet's configuration out of kubeadm's {@code --patches} directory ({@code
 * cmd/kubeadm/app/util/patches}).
 *
 * @param file the file it stands in
 * @param kind how it is written
 * @param body what it says
 */
record Patch(String file, Kind kind, Node body) {

  /** How a patch is written: the word behind the plus sign in its file's name. */
  enum Kind {
    /** RFC 6902. */
    JSON,
    /** RFC 7386. */
    MERGE,
    /** The default. In the kubelet's types no list is merged, so it is nearly the one before. */
    STRATEGIC
  }

  private static final Pattern NAME =
      Pattern.compile("kubeletconfiguration([^.+]*)(\\+(json|merge|strategic)?)?.*\\.(json|yaml)");

  private static final Pattern SEPARATOR = Pattern.compile("(?m)^---[ \\t\\r]*$");

  /**
   * The patches in a file; none when its name is that of another target or of no patch.
   *
   * @throws UnreadableException when the file cannot be read, or its name has a plus sign and no
   *     kind of patch behind it: kubeadm then stops
   */
  static List<Patch> of(TextFile file) throws UnreadableException {
    Matcher name = NAME.matcher(file.name().substring(file.name().lastIndexOf('/') + 1));
    if (!name.matches()) {
      return List.of();
    }
    if (name.group(2) != null && name.group(3) == null) {
      throw new UnreadableException(
          "patch "
              + file.name()
              + ": the kind behind + is unknown; kubeadm has json, merge and strategic",
          0,
          0);
    }
    return read(
        file,
        switch (name.group(3)) {
          case "json" -> Kind.JSON;
          case "merge" -> Kind.MERGE;
          case null, default -> Kind.STRATEGIC;
        });
  }

  /** The patches in a file that has another name. */
  static List<Patch> strategic(TextFile file) throws UnreadableException {
    return read(file, Kind.STRATEGIC);
  }

  private static List<Patch> read(TextFile file, Kind kind) throws UnreadableException {
    List<Patch> patches = new ArrayList<>();
    for (String text : SEPARATOR.split(file.text(), -1)) {
      if (text.isBlank()) {
        continue;
      }
      try {
        Node body = Document.read(text.getBytes(StandardCharsets.UTF_8)).root();
        if (!(body instanceof Node.Null)) {
          patches.add(new Patch(file.name(), kind, body));
        }
      } catch (UnreadableException e) {
        throw new UnreadableException("patch " + file.name() + ": " + e.reason(), 0, 0);
      }
    }
    return patches;
  }

  /** What it makes of a document. */
  Mapping apply(Mapping document) throws UnreadableException {
    try {
      return switch (kind) {
        case JSON -> JsonPatch.apply(document, body);
        case MERGE -> MergePatch.apply(document, mapping());
        case STRATEGIC -> StrategicPatch.apply(document, mapping());
      };
    } catch (UnreadableException e) {
      throw new UnreadableException("patch " + file + ": " + e.reason(), 0, 0);
    }
  }

  private Mapping mapping() throws UnreadableException {
    if (body instanceof Mapping mapping) {
      return mapping;
    }
    throw new UnreadableException(
        body.kind() + " is no such patch; an object is needed", body.line(), body.column());
  }
}
