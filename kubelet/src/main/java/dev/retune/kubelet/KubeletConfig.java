package dev.retune.kubelet;

import dev.retune.kubelet.document.Document;
import dev.retune.kubelet.document.Node;
import dev.retune.kubelet.document.UnreadableException;
import dev.retune.kubelet.dropins.DropIns;
import dev.retune.kubelet.dropins.Naming;
import dev.retune.kubelet.facts.Facts;
import dev.retune.kubelet.facts.History;
import dev.retune.kubelet.flags.Origin;
import dev.retune.kubelet.rules.Candidate;
import dev.retune.kubelet.rules.Defaulting;
import dev.retune.kubelet.rules.Gates;
import dev.retune.kubelet.rules.Validation;
import dev.retune.kubelet.start.StartRules;
import dev.retune.kubelet.value.Decoder;
import dev.retune.kubelet.value.Encoder;
import dev.retune.kubelet.value.Leaf;
import dev.retune.kubelet.value.Problems;
import dev.retune.kubelet.value.StructValue;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Says of a kubelet configuration document what a kubelet of a given version would say. */
public final class KubeletConfig {

  private KubeletConfig() {}

  /** As {@link #judge(byte[], Target)} for a kubelet of which only the version is known. */
  public static Judgement judge(byte[] document, KubeletVersion version) {
    return judge(document, Target.of(version));
  }

  /**
   * Judges a document. Never throws, whatever the bytes are.
   *
   * <p>A version newer than {@link KubeletVersion#newest()} is judged by the newest facts, with
   * unknown fields and gates as warnings; one older than {@link KubeletVersion#oldest()} is refused
   * as {@link Verdict#INVALID} with the reason.
   *
   * @param document JSON or YAML, at most 1 MiB, nested at most 64 levels deep
   * @param target the kubelet that is to run it, as it will run it
   */
  public static Judgement judge(byte[] document, Target target) {
    return judge(target, config -> config.judge(document));
  }

  /**
   * Judges a kubelet that is started without {@code --config}: its flags and drop-ins over the
   * defaults that kubelets have for that case, which are not those of an empty file.
   */
  public static Judgement judgeWithoutFile(Target target) {
    return judge(target, Case::judgeWithoutFile);
  }

  private static Judgement judge(Target target, Function<Case, Judgement> how) {
    KubeletVersion version = target.version();
    if (version.compareTo(KubeletVersion.oldest()) < 0) {
      return tooOld(version);
    }
    Facts facts = Facts.of(version.judgedAs());
    boolean newer = !facts.version().equals(version);
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
    return how.apply(new Case(facts, newer, target, warnings));
  }

  /**
   * What a kubelet of this version finds out only when it starts, as far as the document and the
   * node tell: an eviction signal or a reserved resource that does not exist, a soft threshold
   * without a grace period, reservations above what the node has.
   *
   * @param effective the configuration after defaulting, as in {@link Judgement#effective()}
   */
  public static List<Precondition> preconditions(
      Map<String, ? extends @Nullable Object> effective, KubeletVersion version, NodeFacts node) {
    return StartRules.check(effective, version, node);
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
        List.of(),
        Map.of(),
        Map.of());
  }

  /** One document on its way through decoding, defaulting and validation. */
  private static final class Case {
    private final Facts facts;
    private final boolean newer;
    private final Target target;
    private final Problems errors = new Problems();
    private final Problems strict = new Problems();
    private final Problems unknown;
    private final Problems warnings;
    private final List<Shadowed> shadowed = new ArrayList<>();
    private Map<String, @Nullable Object> defaulted = Map.of();

    Case(Facts facts, boolean newer, Target target, Problems warnings) {
      this.facts = facts;
      this.newer = newer;
      this.target = target;
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
      StructValue config = decoder(errors, strict, unknown).root(root, facts.root());
      if (!errors.isEmpty()) {
        return verdict(Verdict.DECODE, Map.of());
      }
      return judge(root, config, true);
    }

    Judgement judgeWithoutFile() {
      return judge(new Node.Mapping(List.of(), 0, 0), new StructValue(facts.root()), false);
    }

    private Judgement judge(Node.Mapping root, StructValue document, boolean file) {
      Defaulting.apply(document, facts, new Gates(facts, underneath(document.map("featureGates"))));
      if (!file) {
        Defaulting.legacy(document);
      }
      defaulted = Collections.unmodifiableMap(Encoder.encode(document));
      // Before 1.26 these were defaults like the others; since then they are a file's.
      if (file || facts.version().minor() < 26) {
        Defaulting.evictionHard(document, facts.version());
      }
      StructValue config = withDropIns(root, document);
      if (!errors.isEmpty()) {
        return verdict(Verdict.DECODE, Map.of());
      }
      Map<String, ?> given = config.map("featureGates");
      Overrides overrides = new Overrides(target.commandLine(), root);
      overrides.apply(config, decoder(warnings, warnings, warnings));
      Map<String, ?> merged = overrides.gates(given);
      shadowed(overrides.shadowed());
      Gates gates = new Gates(facts, merged);
      // The command line's gates are checked before the kubelet has read the file, and again after.
      new Gates(facts, target.commandLine().gates()).check(errors, newer ? new Problems() : errors);
      if (errors.isEmpty()) {
        gates.check(errors, newer ? warnings : errors);
      }
      Verdict verdict = Verdict.GATES;
      if (errors.isEmpty()) {
        Validation.validate(new Candidate(config, gates, facts.version(), target.host()), errors);
        verdict = errors.isEmpty() ? Verdict.VALID : Verdict.INVALID;
      }
      builtDifferently(config, merged);
      errors.replaceAll(overrides::remarked);
      locate(root);
      return verdict(verdict, effective(config, merged));
    }

    /** A drop-in that cannot be read stops a kubelet just as its config does. */
    private StructValue withDropIns(Node.Mapping root, StructValue document) {
      if (target.dropIns().isEmpty()) {
        return document;
      }
      Map<String, @Nullable Object> before = Encoder.encode(document);
      StructValue merged =
          new DropIns(facts, this::underneath, errors, warnings).merge(document, target.dropIns());
      Map<String, @Nullable Object> after = Encoder.encode(merged);
      Naming naming = Naming.of(target.dropIns(), facts);
      Origin last = new Origin(target.dropIns().getLast().name(), 0);
      for (Leaf leaf : Leaf.of(root, facts.root())) {
        Optional<Origin> named = naming.last(leaf.steps());
        boolean differs =
            !Objects.equals(Leaf.at(before, leaf.steps()), Leaf.at(after, leaf.steps()));
        if (!(leaf.value() instanceof Node.Null) && (named.isPresent() || differs)) {
          shadowed.add(new Shadowed(leaf.path(), new Source.File(named.orElse(last)), differs));
        }
      }
      return merged;
    }

    /** A flag has the last word, over drop-ins too. */
    private void shadowed(List<Shadowed> byFlags) {
      for (Shadowed flag : byFlags) {
        shadowed.removeIf(dropIn -> Overrides.isWithin(dropIn.field(), flag.field()));
        shadowed.add(flag);
      }
    }

    /** The facts are one vendor's; where upstream's kubelets are known to differ, it is said. */
    private void builtDifferently(StructValue config, Map<String, ?> gates) {
      int minor = facts.version().minor();
      if (config.bool("enableSystemLogQuery")
          && !gates.containsKey("NodeLogQuery")
          && minor >= 27
          && minor <= 35) {
        warnings.add(
            "enableSystemLogQuery",
            "some builds of kubelet "
                + facts.version()
                + " have the feature gate NodeLogQuery off and refuse this; set"
                + " featureGates[NodeLogQuery] to true");
      }
    }

    private Decoder decoder(Problems mismatches, Problems repeated, Problems unknowns) {
      return new Decoder(
          mismatches,
          repeated,
          unknowns,
          facts.version().toString(),
          name -> History.ofField(name, facts.version()));
    }

    /** When a kubelet fills in defaults, the command line's gates are set and the file's on top. */
    private Map<String, ?> underneath(Map<String, ?> given) {
      Map<String, Boolean> flags = target.commandLine().gates();
      if (flags.isEmpty()) {
        return given;
      }
      Map<String, Object> gates = new TreeMap<>(flags);
      gates.putAll(given);
      return gates;
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
          facts.version(),
          verdict,
          errors.toList(),
          strict.toList(),
          warnings.toList(),
          List.copyOf(shadowed),
          defaulted,
          effective);
    }
  }
}
