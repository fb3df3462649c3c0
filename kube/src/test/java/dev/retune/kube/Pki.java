package dev.retune.kube;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The certificates and keys of {@code pki/make.sh}. */
final class Pki {

  private Pki() {}

  static byte[] bytes(String name) {
    try (InputStream in = Pki.class.getResourceAsStream("pki/" + name)) {
      if (in == null) {
        throw new IllegalArgumentException("no test certificate " + name);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String text(String name) {
    return new String(bytes(name), StandardCharsets.US_ASCII);
  }

  static Material material(String name) {
    return new Material.Embedded(text(name));
  }
}
