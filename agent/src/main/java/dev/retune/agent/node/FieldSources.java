package dev.retune.agent.node;

import dev.retune.api.FieldSource;
import dev.retune.api.ShadowedField;
import dev.retune.kubelet.Shadowed;
import dev.retune.kubelet.Source;
import dev.retune.kubelet.document.JsonWriter;
import dev.retune.kubelet.document.Node;
import dev.retune.kubelet.effective.EffectiveConfig;
import dev.retune.kubelet.effective.Setting;
import dev.retune.kubelet.value.Words;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Tells in a status where a kubelet has its values from (AGENT-19). */
public final class FieldSources {

  private FieldSources() {}

  /**
   * The fields that are set by neither the config as such nor a default: by a flag, a drop-in, or a
   * file of the node's own from which that config was put together.
   *
   * @param config the file that the kubelet's {@code --config} names
   * @param own the files among the config's parts that are the node's, such as {@code
   *     instance-config.yaml}
   */
  public static List<FieldSource> of(EffectiveConfig effective, String config, List<String> own) {
    return effective.settings().stream()
        .flatMap(setting ->
            source(setting, config, own).stream()
                .map(text -> new FieldSource(setting.field(), value(setting), text)))
        .toList();
  }

  /** The fields of the config without effect; those that have the same value elsewhere are not. */
  public static List<ShadowedField> shadowed(List<Shadowed> fields) {
    return fields.stream()
        .filter(Shadowed::differs)
        .map(field -> new ShadowedField(field.field(), field.by().by(), field.by().where()))
        .toList();
  }

  private static Optional<String> source(Setting setting, String config, List<String> own) {
    return switch (setting.source()) {
      case Source.Flag flag -> Optional.of(flag.toString());
      case Source.File file when !file.origin().file().equals(config) ->
          Optional.of(file.toString());
      case Source.File _ ->
          setting.part().filter(part -> own.contains(part.file())).map(part -> part.toString());
      case Source.Default _ -> Optional.empty();
    };
  }

  /** A value as one line, shortened where it is long. */
  public static String value(Setting setting) {
    return value(setting.value());
  }

  private static String value(@Nullable Object value) {
    return value instanceof String text && !text.isEmpty()
        ? Words.shortened(text)
        : Words.shortened(JsonWriter.compact(Node.ofTree(value)));
  }
}
