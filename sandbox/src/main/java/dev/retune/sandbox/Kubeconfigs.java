package dev.retune.sandbox;

import dev.retune.sandbox.pki.Identity;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;

/** Kubeconfig files with everything inside: the server, its CA, a certificate and its key. */
public final class Kubeconfigs {
  private Kubeconfigs() {}

  /** Writes a file that only its owner can read; an existing one is replaced as a whole. */
  public static void write(Path file, URI server, String caPem, String user, Identity identity)
      throws IOException {
    String name = quoted(user);
    String text =
        """
        apiVersion: v1
        kind: Config
        clusters:
        - name: sandbox
          cluster:
            server: %s
            certificate-authority-data: %s
        users:
        - name: %s
          user:
            client-certificate-data: %s
            client-key-data: %s
        contexts:
        - name: sandbox
          context:
            cluster: sandbox
            user: %s
        current-context: sandbox
        """
            .formatted(
                server,
                base64(caPem),
                name,
                base64(identity.certificatePem()),
                base64(identity.keyPem()),
                name);
    Path directory = file.toAbsolutePath().getParent();
    Path temporary =
        Files.createTempFile(
            directory,
            ".kubeconfig",
            null,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(temporary, text);
    Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
  }

  private static String quoted(String text) {
    return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
  }

  private static String base64(String pem) {
    return Base64.getEncoder().encodeToString(pem.getBytes(StandardCharsets.US_ASCII));
  }
}
