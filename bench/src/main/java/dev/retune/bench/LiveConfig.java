package dev.retune.bench;

import dev.retune.kube.Json;
import dev.retune.kube.Yaml;
import dev.retune.kubelet.KubeletVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The whole config that a kubelet 1.36 which kubeadm set up has at {@code /configz}. */
public enum LiveConfig {
  /** As the kubelet prints it. */
  JSON,
  /** The same as YAML. */
  YAML;

  /** The kubelet whose config it is, and that is to accept it. */
  static final KubeletVersion VERSION = KubeletVersion.parse("1.36");

  /** The document. */
  public byte[] bytes() {
    try (var in = LiveConfig.class.getResourceAsStream("configz-v1.36.json")) {
      if (in == null) {
        throw new IllegalStateException("configz-v1.36.json is missing");
      }
      byte[] json = in.readAllBytes();
      return switch (this) {
        case JSON -> json;
        case YAML -> Yaml.write(Json.parse(json)).getBytes(StandardCharsets.UTF_8);
      };
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
