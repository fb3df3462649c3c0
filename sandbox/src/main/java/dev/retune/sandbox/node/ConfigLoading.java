package dev.retune.sandbox.node;

import dev.retune.kube.Json;
import dev.retune.kube.Tree;
import dev.retune.kube.Yaml;
import dev.retune.kubelet.Complaint;
import dev.retune.kubelet.Judgement;
import dev.retune.kubelet.KubeletConfig;
import dev.retune.kubelet.KubeletVersion;
import dev.retune.kubelet.Target;
import dev.retune.kubelet.flags.Argument;
import dev.retune.kubelet.flags.CommandLine;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Makes the configuration a kubelet runs: the file of {@code --config}, the drop-ins of {@code
 * --config-dir}, then the flags; decoded, defaulted and validated, and refused in a real kubelet's
 * words (Kubernetes 1.36).
 */
final class ConfigLoading {

  private static final String EMPTY =
      "{\"apiVersion\":\"kubelet.config.k8s.io/v1beta1\",\"kind\":\"KubeletConfiguration\"}";

  /**
   * Fields whose only rule is that they are not negative; the kubelet says so in the same words for
   * each.
   */
  private static final Set<String> NOT_NEGATIVE =
      Set.of(
          "eventBurst",
          "eventRecordQPS",
          "kubeAPIBurst",
          "kubeAPIQPS",
          "maxOpenFiles",
          "maxPods",
          "podsPerCore",
          "registryBurst",
          "registryPullQPS");

  private final KubeletVersion version;
  private final FlagTable table;
  private final Klog log;

  ConfigLoading(KubeletVersion version, FlagTable table, Klog log) {
    this.version = version;
    this.table = table;
    this.log = log;
  }

  /** Returns the configuration in effect. */
  Map<String, @Nullable Object> load(KubeletFlags flags) throws KubeletFailure {
    Optional<String> file = flags.value("config");
    byte[] document =
        file.isPresent() ? read(Path.of(file.get())) : EMPTY.getBytes(StandardCharsets.UTF_8);
    Judgement judgement = KubeletConfig.judge(document, target(flags));
    switch (judgement.verdict()) {
      case DECODE -> throw undecodable(file.orElse(""), judgement);
      case GATES, INVALID, VALID -> {
        if (!judgement.strict().isEmpty()) {
          log.info(
              "server.go:304",
              "Using lenient decoding as strict decoding failed",
              "err",
              "strict decoding error: " + joined(judgement.strict()));
        }
      }
    }
    Optional<String> dropIns = flags.value("config-dir");
    if (dropIns.isPresent() || flags.setFields()) {
      Map<String, @Nullable Object> merged = Tree.copy(judgement.effective());
      if (dropIns.isPresent()) {
        mergeDropIns(merged, Path.of(dropIns.get()));
      }
      flags.apply(merged);
      judgement = KubeletConfig.judge(Json.write(merged), target(flags));
    }
    return switch (judgement.verdict()) {
      case VALID -> judgement.effective();
      case GATES ->
          throw new KubeletFailure(
              "failed to set feature gates from initial flags-based config: "
                  + joined(judgement.errors()));
      case INVALID ->
          throw new KubeletFailure(
              "failed to validate kubelet configuration, error: %s, path: %s"
                  .formatted(invalid(judgement), file.orElse("")));
      case DECODE -> throw undecodable(file.orElse(""), judgement);
    };
  }

  /** The kubelet as it runs the file. Of the flags only the gates: the others are applied here. */
  private Target target(KubeletFlags flags) {
    List<String> gates = new ArrayList<>();
    flags.featureGates().forEach((gate, on) -> gates.add("--feature-gates=" + gate + "=" + on));
    return Target.of(version).with(CommandLine.parse(Argument.ofCommandLine(gates), version));
  }

  private static byte[] read(Path file) throws KubeletFailure {
    try {
      byte[] document = Files.readAllBytes(file);
      if (document.length == 0) {
        throw unloadable(file.toString(), "kubelet config file \"%s\" was empty".formatted(file));
      }
      return document;
    } catch (IOException e) {
      throw unloadable(
          file.toString(),
          "failed to read kubelet config file \"%s\", error: %s"
              .formatted(file, openFailure(file, e)));
    }
  }

  /** How Go words it that a file cannot be opened. */
  static String openFailure(Path file, IOException e) {
    return "open " + file + ": " + reason(e);
  }

  static String reason(IOException e) {
    return switch (e) {
      case NoSuchFileException missing -> "no such file or directory";
      case AccessDeniedException denied -> "permission denied";
      default -> String.valueOf(e.getMessage());
    };
  }

  private static KubeletFailure undecodable(String file, Judgement judgement) {
    Complaint first =
        judgement.errors().isEmpty() ? Complaint.of("", "") : judgement.errors().getFirst();
    String where = first.field().isEmpty() ? "couldn't get version/kind; json parse error: " : "";
    return unloadable(file, "failed to decode: " + where + joined(judgement.errors()));
  }

  private static KubeletFailure unloadable(String file, String why) {
    return new KubeletFailure(
        "failed to load kubelet config file, path: %s, error: failed to load Kubelet config file %s, error %s"
            .formatted(file, file, why));
  }

  private String invalid(Judgement judgement) {
    List<String> errors =
        judgement.errors().stream()
            .map(error -> "invalid configuration: " + words(error, judgement))
            .toList();
    return errors.size() == 1 ? errors.getFirst() : "[" + String.join(", ", errors) + "]";
  }

  private String words(Complaint complaint, Judgement judgement) {
    String field = complaint.field();
    if (NOT_NEGATIVE.contains(field)
        && judgement.effective().get(field) instanceof Number number
        && number.longValue() < 0) {
      return "%s (--%s) %s must not be a negative number"
          .formatted(field, table.flagOf(field).orElse(field), number);
    }
    return sentence(complaint);
  }

  private static String sentence(Complaint complaint) {
    return complaint.field().isEmpty()
        ? complaint.message()
        : complaint.field() + ": " + complaint.message();
  }

  private static String joined(List<Complaint> complaints) {
    return complaints.stream().map(ConfigLoading::sentence).collect(Collectors.joining(", "));
  }

  /**
   * KEP-3983: files *.conf in the order of their names; maps are merged per key, lists replaced.
   */
  private static void mergeDropIns(Map<String, @Nullable Object> base, Path directory)
      throws KubeletFailure {
    List<Path> files = new ArrayList<>();
    try (Stream<Path> entries = Files.list(directory)) {
      entries.filter(file -> file.toString().endsWith(".conf")).sorted().forEach(files::add);
    } catch (IOException e) {
      throw new KubeletFailure(
          "failed to merge kubelet configs: failed to walk through kubelet dropin directory \"%s\": %s"
              .formatted(directory, openFailure(directory, e)));
    }
    for (Path file : files) {
      try {
        if (!(Yaml.parse(Files.readString(file)) instanceof Map<?, ?> dropIn)
            || !dropIn.containsKey("kind")) {
          throw new KubeletFailure(
              "failed to merge kubelet configs: failed to load kubelet dropin file, path: %s, error: no KubeletConfiguration"
                  .formatted(file));
        }
        merge(base, dropIn);
      } catch (IOException e) {
        throw new KubeletFailure(
            "failed to merge kubelet configs: failed to load kubelet dropin file, path: %s, error: %s"
                .formatted(file, e.getMessage()));
      }
    }
  }

  private static void merge(Map<String, @Nullable Object> base, Map<?, ?> over) {
    over.forEach((key, value) -> {
      String name = String.valueOf(key);
      if (value instanceof Map<?, ?> inner && base.get(name) instanceof Map<?, ?>) {
        Map<String, @Nullable Object> merged = Tree.copy(Tree.map(base, name));
        merge(merged, inner);
        base.put(name, merged);
      } else {
        base.put(name, value);
      }
    });
  }
}
