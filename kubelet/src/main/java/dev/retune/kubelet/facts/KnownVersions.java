package dev.retune.kubelet.facts;

import dev.retune.kubelet.KubeletVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The versions there are facts about, read on first use. */
public final class KnownVersions {

  private KnownVersions() {}

  /** From the oldest to the newest. */
  public static List<KubeletVersion> all() {
    return Holder.ALL;
  }

  private static List<KubeletVersion> read() {
    try (InputStream in = Facts.open("versions.txt")) {
      String lines = new String(in.readAllBytes(), StandardCharsets.US_ASCII);
      return lines.lines().map(KubeletVersion::parse).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static final class Holder {
    static final List<KubeletVersion> ALL = read();
  }
}
