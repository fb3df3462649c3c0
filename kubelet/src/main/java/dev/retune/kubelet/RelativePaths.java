package dev.retune.kubelet;

import java.util.List;
import java.util.Map;

/** Finds file paths that a kubelet would resolve against the place of its configuration file. */
public final class RelativePaths {

  private RelativePaths() {}

  /**
   * The fields whose value is a relative path, in the order of the document.
   *
   * @param effective the configuration after defaulting, as in {@link Judgement#effective()}
   */
  public static List<String> of(Map<String, ?> effective) {
    return List.of();
  }
}
