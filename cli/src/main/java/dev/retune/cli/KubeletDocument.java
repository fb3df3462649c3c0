package dev.retune.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Configs as documents that a kubelet would take. */
final class KubeletDocument {
  static final String API_VERSION = "kubelet.config.k8s.io/v1beta1";
  static final String KIND = "KubeletConfiguration";

  private KubeletDocument() {}

  /** The config behind its apiVersion and kind. */
  static Map<String, @Nullable Object> of(Map<String, ? extends @Nullable Object> config) {
    var document = new LinkedHashMap<String, @Nullable Object>();
    document.put("apiVersion", API_VERSION);
    document.put("kind", KIND);
    document.putAll(config);
    return document;
  }
}
