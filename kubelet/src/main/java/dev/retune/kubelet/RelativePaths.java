package dev.retune.kubelet;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds file paths that a kubelet resolves against the directory of its configuration file. The
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
      if (value instanceof String path && !path.isEmpty() && !path.startsWith("/")) {
        relative.add(String.join(".", field));
      }
    }
    return List.copyOf(relative);
  }
}
