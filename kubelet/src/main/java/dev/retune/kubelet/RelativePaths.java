package dev.retune.kubelet;

import dev.retune.kubelet.document.Document;
import dev.retune.kubelet.document.JsonWriter;
import dev.retune.kubelet.document.Node;
import dev.retune.kubelet.document.Node.Mapping;
import dev.retune.kubelet.document.UnreadableException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The file paths that a kubelet resolves against the directory of its configuration file. The
 * fields are those of {@code KubeletConfigurationPathRefs} in the kubelet's own types, 1.25 to
 * 1.36; {@code podLogsDir} is one since it came in 1.30.
 */
public final class RelativePaths {

  private static final List<List<String>> FIELDS =
      List.of(
          List.of("staticPodPath"),
          List.of("authentication", "x509", "clientCAFile"),
          List.of("tlsCertFile"),
          List.of("tlsPrivateKeyFile"),
          List.of("resolvConf"),
          List.of("volumePluginDir"),
          List.of("podLogsDir"));

  private RelativePaths() {}

  /**
   * A document with these paths made absolute, as a kubelet does when it reads the file: for one
   * that is to lie in another directory. Without relative paths it is returned as it is, else as
   * JSON.
   *
   * @param directory absolute, the one of the file the document was read from
   * @throws UnreadableException when it is no document
   */
  public static byte[] absolute(byte[] document, String directory) throws UnreadableException {
    if (!(Document.read(document).root() instanceof Mapping root)) {
      return document;
    }
    Mapping absolute = absolute(root, directory);
    return absolute.equals(root) ? document : JsonWriter.write(absolute);
  }

  /** The same for a document that was read; each value stays where it stands. */
  public static Mapping absolute(Mapping document, String directory) {
    Mapping absolute = document;
    for (List<String> field : FIELDS) {
      absolute = absolute(absolute, field, directory);
    }
    return absolute;
  }

  /** The directory of a file; {@code /} when its name has none. */
  public static String directory(String file) {
    return file.substring(0, Math.max(1, file.lastIndexOf('/')));
  }

  private static Mapping absolute(Mapping at, List<String> field, String directory) {
    List<Node.Entry> entries = new ArrayList<>(at.entries().size());
    List<String> rest = field.subList(1, field.size());
    for (Node.Entry entry : at.entries()) {
      Node value = entry.value();
      if (entry.key().equals(field.getFirst())) {
        if (!rest.isEmpty() && value instanceof Mapping below) {
          value = absolute(below, rest, directory);
        } else if (rest.isEmpty() && value instanceof Node.Text text && isRelative(text.value())) {
          value = new Node.Text(joined(directory, text.value()), value.line(), value.column());
        }
      }
      entries.add(new Node.Entry(entry.key(), value, entry.line(), entry.column()));
    }
    return new Mapping(entries, at.line(), at.column());
  }

  /** As Go's {@code filepath.Join}: without empty parts, {@code .} and {@code ..}. */
  private static String joined(String directory, String path) {
    Deque<String> parts = new ArrayDeque<>();
    for (String part : (directory + "/" + path).split("/+", -1)) {
      if (part.equals("..")) {
        parts.pollLast();
      } else if (!part.isEmpty() && !part.equals(".")) {
        parts.addLast(part);
      }
    }
    return "/" + String.join("/", parts);
  }

  private static boolean isRelative(String path) {
    return !path.isEmpty() && !path.startsWith("/");
  }

  /**
   * The fields whose value is a relative path, spelt like {@code authentication.x509.clientCAFile}.
   * An empty value is no path.
   *
   * @param effective the configuration after defaulting, as in {@link Judgement#effective()}
   */
  public static List<String> of(Map<String, ? extends @Nullable Object> effective) {
    List<String> relative = new ArrayList<>();
    for (List<String> field : FIELDS) {
      Object value = effective;
      for (String step : field) {
        value = value instanceof Map<?, ?> map ? map.get(step) : null;
      }
      if (value instanceof String path && isRelative(path)) {
        relative.add(String.join(".", field));
      }
    }
    return List.copyOf(relative);
  }
}
