package dev.retune.kube;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Certificates, a key or a token: given in the kubeconfig itself, or in a file that may change. */
public sealed interface Material {

  /** What is there now. */
  byte[] read() throws IOException;

  /** Embedded in the kubeconfig. */
  record Embedded(String content) implements Material {
    @Override
    public byte[] read() {
      return content.getBytes(StandardCharsets.UTF_8);
    }

    /** Keys do not belong into logs. */
    @Override
    public String toString() {
      return "embedded in the kubeconfig";
    }
  }

  /**
   * In a file. Kubelets replace {@code /var/lib/kubelet/pki/kubelet-client-current.pem} when they
   * rotate their certificate, so it is read again when it has changed.
   */
  record InFile(Path file) implements Material {
    @Override
    public byte[] read() throws IOException {
      return Files.readAllBytes(file);
    }

    @Override
    public String toString() {
      return file.toString();
    }
  }
}
