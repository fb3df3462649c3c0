package dev.retune.kubelet;

import dev.retune.kubelet.document.Document;
import dev.retune.kubelet.document.Node;
import dev.retune.kubelet.document.UnreadableException;
import dev.retune.kubelet.facts.Facts;
import dev.retune.kubelet.facts.History;
import dev.retune.kubelet.rules.Candidate;
import dev.retune.kubelet.rules.Defaulting;
import dev.retune.kubelet.rules.Gates;
import dev.retune.kubelet.rules.StartRules;
import dev.retune.kubelet.rules.Validation;
import dev.retune.kubelet.value.Decoder;
import dev.retune.kubelet.value.Encoder;
import dev.retune.kubelet.value.Problems;
import dev.retune.kubelet.value.StructValue;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Says of a kubelet configuration document what a kubelet of a given version would say. */
public final class KubeletConfig {

  private KubeletConfig() {}

  /** As {@link #judge(byte[], KubeletVersion, Map)} with no gates from the command line. */
  public static Judgement judge(byte[] document, KubeletVersion version) {
    return judge(document, version, Map.of());
  }

  /** As {@link #judge(byte[], KubeletVersion, Map, Host)} for a host nothing is known of. */
  public static Judgement judge(
      byte[] document, KubeletVersion version, Map<String, Boolean> gatesFromFlags) {
    return judge(document, version, gatesFromFlags, Host.UNKNOWN);
  }

  /**
   * Judges a document. Never throws, whatever the bytes are.
   *
   * <p>A version newer than {@link KubeletVersion#newest()} is judged by the newest facts, with
   * unknown fields and gates as warnings; one older than {@link KubeletVersion#oldest()} is refused
   * as {@link Verdict#INVALID} with the reason.
   *
   * @param document JSON or YAML, at most 1 MiB, nested at most 64 levels deep
   * @param version the version of the kubelet that is to run it
   * @param gatesFromFlags the kubelet's {@code --feature-gates}; the document's win over them
   * @param host what is known of the kubelet's host
   */
  public static Judgement judge(
      byte[] document, KubeletVersion version, Map<String, Boolean> gatesFromFlags, Host host) {
    if (version.compareTo(KubeletVersion.oldest()) < 0) {
      return tooOld(version);
    }
    boolean newer = version.compareTo(KubeletVersion.newest()) > 0;
    Facts facts = Facts.of(newer ? KubeletVersion.newest() : version);
    Problems warnings = new Problems();
    if (newer) {
      warnings.add(
          "",
          "kubelet "
              + version
              + " is newer than the facts on board; judged as "
              + facts.version()
              + ", the node's own kubelet has the last word");
    }
    return new Case(facts, newer, gatesFromFlags, host, warnings).judge(document);
  }

  /**
   * What a kubelet of this version finds out only when it starts, as far as the document tells: an
   * eviction signal or a reserved resource that does not exist, a soft threshold without a grace
   * period. With one of these the kubelet passes its validation and then exits.
   *
   * @param effective the configuration after defaulting, as in {@link Judgement#effective()}
   */
  public static List<Complaint> preconditions(
      Map<String, ? extends @Nullable Object> effective, KubeletVersion version) {
    Problems problems = new Problems();
    StartRules.check(effective, version, problems);
    return problems.toList();
  }

  private static Judgement tooOld(KubeletVersion version) {
    String reason =
        version.minor() <= 23
            ? "; up to 1.23 it can be reconfigured through Node.spec.configSource itself"
            : "";
    return new Judgement(
        version,
        Verdict.INVALID,
        List.of(
            Complaint.of(
                "",
                "kubelet "
                    + version
                    + " is older than "
                    + KubeletVersion.oldest()
                    + ", the oldest that can be judged"
                    + reason)),
        List.of(),
        List.of(),
        Map.of());
  }

  /** One document on its way through decoding, defaulting and validation. */
  private static final class Case {
    private final Facts facts;
    private final boolean newer;
    private final Map<String, Boolean> gatesFromFlags;
    private final Host host;
    private final Problems errors = new Problems();
    private final Problems strict = new Problems();
    private final Problems unknown;
    private final Problems warnings;

    Case(
        Facts facts,
        boolean newer,
        Map<String, Boolean> gatesFromFlags,
        Host host,
        Problems warnings) {
      this.facts = facts;
      this.newer = newer;
      this.gatesFromFlags = gatesFromFlags;
      this.host = host;
      this.warnings = warnings;
      this.unknown = newer ? warnings : strict;
    }

    Judgement judge(byte[] bytes) {
      Node.Mapping root;
      try {
        Document document = Document.read(bytes);
        root = Header.check(document.root());
        for (Node.Entry entry : document.repeatedKeys()) {
          strict.add(
              Places.path(root, entry),
              "is given twice; the kubelet takes the last",
              entry.line(),
              entry.column());
        }
      } catch (UnreadableException e) {
        errors.add("", e.reason(), e.line(), e.column());
        return verdict(Verdict.DECODE, Map.of());
      }
      StructValue config =
          new Decoder(
                  errors,
                  strict,
                  unknown,
                  facts.version().toString(),
                  name -> History.ofField(name, facts.version()))
              .root(root, facts.root());
      if (!errors.isEmpty()) {
        return verdict(Verdict.DECODE, Map.of());
      }
      Map<String, ?> given = config.map("featureGates");
      Defaulting.apply(config, facts, new Gates(facts, given));
      Map<String, ?> merged = merged(given);
      Gates gates = new Gates(facts, merged);
      gates.check(errors, newer ? warnings : errors);
      Verdict verdict = Verdict.GATES;
      if (errors.isEmpty()) {
        Validation.validate(new Candidate(config, gates, facts.version(), host), errors);
        verdict = errors.isEmpty() ? Verdict.VALID : Verdict.INVALID;
      }
      locate(root);
      return verdict(verdict, effective(config, merged));
    }

    private Map<String, ?> merged(Map<String, ?> given) {
      if (gatesFromFlags.isEmpty()) {
        return given;
      }
      Map<String, Object> merged = new TreeMap<>(gatesFromFlags);
      merged.putAll(given);
      return merged;
    }

    private Map<String, @Nullable Object> effective(StructValue config, Map<String, ?> gates) {
      Map<String, @Nullable Object> effective = Encoder.encode(config);
      if (!gates.isEmpty()) {
        effective.put("featureGates", gates);
      }
      return Collections.unmodifiableMap(effective);
    }

    private void locate(Node.Mapping root) {
      errors.replaceAll(c -> Places.locate(c, root));
      warnings.replaceAll(c -> Places.locate(c, root));
    }

    private Judgement verdict(Verdict verdict, Map<String, @Nullable Object> effective) {
      return new Judgement(
          facts.version(), verdict, errors.toList(), strict.toList(), warnings.toList(), effective);
    }
  }
}
