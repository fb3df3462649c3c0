package dev.retune.kubelet.rules;

import static dev.retune.kubelet.rules.Rule.rule;
import static dev.retune.kubelet.rules.Versions.always;
import static dev.retune.kubelet.rules.Versions.since;
import static dev.retune.kubelet.rules.Versions.until;

import dev.retune.kubelet.value.FieldType.EitherDuration;
import dev.retune.kubelet.value.GoDuration;
import dev.retune.kubelet.value.Problems;
import dev.retune.kubelet.value.Quantity;
import dev.retune.kubelet.value.StructValue;
import dev.retune.kubelet.value.Words;
import java.util.List;

/** Logs, traces, metrics, images and how the node registers. */
final class ServiceRules {

  private static final List<String> POLICIES =
      List.of(
          "NeverVerify",
          "NeverVerifyPreloadedImages",
          "NeverVerifyAllowlistedImages",
          "AlwaysVerify");

  static final List<Rule> RULES =
      List.of(
          rule("registerWithTaints", always(), ServiceRules::taints),
          rule(
              "imagePullCredentialsVerificationPolicy",
              since(33),
              ServiceRules::credentialsVerification),
          rule("preloadedImagesVerificationAllowlist", since(33), ServiceRules::imageAllowlist),
          rule("showHiddenMetricsForVersion", always(), ServiceRules::hiddenMetrics),
          rule("logging", always(), ServiceRules::logging),
          rule("logging", since(35), ServiceRules::flushFrequency),
          rule("tracing", always(), ServiceRules::tracing),
          rule("enableSystemLogQuery", since(27), ServiceRules::logQuery),
          rule("podLogsDir", since(30), ServiceRules::podLogs));

  private ServiceRules() {}

  private static void taints(Candidate candidate, String field, Problems out) {
    List<?> taints = candidate.config().list(field);
    for (int i = 0; i < taints.size(); i++) {
      StructValue taint = (StructValue) taints.get(i);
      String path = field + "[" + i + "]";
      String key = taint.string("key");
      String value = taint.string("value");
      String effect = taint.string("effect");
      if (!Labels.isQualifiedName(key)) {
        out.add(
            path + ".key",
            candidate.wants(Words.quoted(key), "a name such as \"example.com/gpu\""));
      } else if (!value.isEmpty() && !Labels.isValue(value)) {
        out.add(
            path + ".value",
            candidate.wants(
                Words.quoted(value), "at most 63 letters, digits, dashes, dots or underscores"));
      } else if (!effect.isEmpty()
          && !effect.equals("NoSchedule")
          && !effect.equals("PreferNoSchedule")
          && !effect.equals("NoExecute")) {
        List<String> effects = List.of("NoSchedule", "PreferNoSchedule", "NoExecute");
        out.add(
            path + ".effect",
            candidate.wants(Words.quoted(effect), Checks.choice(effects))
                + Checks.near(effect, effects));
      }
      if (taint.has("timeAdded")) {
        out.add(path + ".timeAdded", candidate.wants("a value", "it unset"));
      }
    }
  }

  private static void credentialsVerification(Candidate candidate, String field, Problems out) {
    String policy = candidate.config().string(field);
    if (!candidate.gates().on("KubeletEnsureSecretPulledImages")) {
      if (!policy.isEmpty()) {
        out.add(field, candidate.needsGate("KubeletEnsureSecretPulledImages"));
      }
    } else if (!POLICIES.contains(policy)) {
      out.add(
          field,
          candidate.wants(Words.quoted(policy), Checks.choice(POLICIES))
              + Checks.near(policy, POLICIES));
    }
  }

  private static void imageAllowlist(Candidate candidate, String field, Problems out) {
    List<?> patterns = candidate.config().list(field);
    if (patterns.isEmpty()) {
      return;
    }
    if (!candidate.gates().on("KubeletEnsureSecretPulledImages")) {
      out.add(field, candidate.needsGate("KubeletEnsureSecretPulledImages"));
      return;
    }
    String policy = candidate.config().string("imagePullCredentialsVerificationPolicy");
    if (!policy.equals("NeverVerifyAllowlistedImages")) {
      out.add(
          field,
          candidate.wants(
              "a list while imagePullCredentialsVerificationPolicy is " + Words.quoted(policy),
              "\"NeverVerifyAllowlistedImages\" there"));
      return;
    }
    for (int i = 0; i < patterns.size(); i++) {
      String pattern = String.valueOf(patterns.get(i));
      if (!ImageNames.isAllowlistPattern(pattern, until(35).include(candidate.version()))) {
        out.add(
            field + "[" + i + "]",
            candidate.wants(
                Words.quoted(pattern),
                "a full image name without tag and digest, such as"
                    + " \"registry.example.com/team/app\", or a prefix that ends in \"/*\""));
        return;
      }
    }
  }

  private static void hiddenMetrics(Candidate candidate, String field, Problems out) {
    String version = candidate.config().string(field);
    String previous = "1." + (candidate.version().minor() - 1);
    if (!version.isEmpty() && !version.equals(previous)) {
      out.add(
          field, candidate.wants(Words.quoted(version), Words.quoted(previous) + " or nothing"));
    }
  }

  private static void logging(Candidate candidate, String field, Problems out) {
    StructValue logging = candidate.config().struct(field);
    String format = logging.string("format");
    boolean text = format.equals("text");
    if (!text && !format.equals("json")) {
      List<String> formats = List.of("text", "json");
      out.add(
          field + ".format",
          candidate.wants(Words.quoted(format), Checks.choice(formats))
              + Checks.near(format, formats));
    }
    if (format.equals("json") && !candidate.gates().on("LoggingBetaOptions")) {
      out.add(field + ".format", "\"json\" " + candidate.needsGate("LoggingBetaOptions"));
    }
    verbosity(candidate, field + ".verbosity", logging.number("verbosity"), out);
    List<?> modules = logging.list("vmodule");
    if (!modules.isEmpty() && !text) {
      out.add(field + ".vmodule", candidate.wants("a list", "it unset unless the format is text"));
    }
    for (int i = 0; i < modules.size(); i++) {
      StructValue module = (StructValue) modules.get(i);
      String pattern = module.string("filePattern");
      String path = field + ".vmodule[" + i + "]";
      if (pattern.isEmpty() || pattern.indexOf('=') >= 0 || pattern.indexOf(',') >= 0) {
        out.add(
            path + ".filePattern",
            candidate.wants(
                Words.quoted(pattern), "the pattern of a file name without \"=\" and \",\""));
      }
      verbosity(candidate, path + ".verbosity", module.number("verbosity"), out);
    }
    StructValue options = logging.struct("options");
    routing(candidate, field + ".options.text", options.struct("text"), out);
    routing(candidate, field + ".options.json", options.struct("json"), out);
  }

  private static void flushFrequency(Candidate candidate, String field, Problems out) {
    if (candidate.config().struct(field).get("flushFrequency") instanceof EitherDuration frequency
        && frequency.nanos() <= 0) {
      out.add(
          field + ".flushFrequency",
          candidate.wants(GoDuration.format(frequency.nanos()), "more than 0s"));
    }
  }

  private static void verbosity(Candidate candidate, String path, long verbosity, Problems out) {
    if (verbosity > Integer.MAX_VALUE) {
      out.add(path, candidate.wants(verbosity, "at most 2147483647"));
    }
  }

  private static void routing(Candidate candidate, String path, StructValue routing, Problems out) {
    if (candidate.gates().on("LoggingAlphaOptions")) {
      return;
    }
    if (routing.bool("splitStream")) {
      out.add(path + ".splitStream", candidate.needsGate("LoggingAlphaOptions"));
    }
    if (routing.get("infoBufferSize") instanceof Quantity size && !size.isZero()) {
      out.add(path + ".infoBufferSize", candidate.needsGate("LoggingAlphaOptions"));
    }
  }

  private static void tracing(Candidate candidate, String field, Problems out) {
    StructValue config = candidate.config();
    if (!config.has(field)) {
      return;
    }
    if (!candidate.gates().on("KubeletTracing")) {
      out.add(field, candidate.needsGate("KubeletTracing"));
      return;
    }
    StructValue tracing = config.struct(field);
    long rate = tracing.number("samplingRatePerMillion");
    if (rate < 0 || rate > 1_000_000) {
      out.add(field + ".samplingRatePerMillion", candidate.wants(rate, "0 to 1000000"));
    }
    String endpoint = tracing.string("endpoint");
    if (tracing.has("endpoint")
        && !Endpoints.isTracingEndpoint(endpoint, since(36).include(candidate.version()))) {
      out.add(
          field + ".endpoint",
          candidate.wants(
              Words.quoted(endpoint),
              "host:port, or a URL with the scheme dns, unix or unix-abstract"));
    }
  }

  private static void logQuery(Candidate candidate, String field, Problems out) {
    StructValue config = candidate.config();
    if (!config.bool(field)) {
      return;
    }
    if (!candidate.gates().on("NodeLogQuery")) {
      out.add(field, candidate.needsGate("NodeLogQuery"));
    }
    if (!config.bool("enableSystemLogHandler")) {
      out.add(
          "enableSystemLogHandler",
          candidate.wants(false, "true while enableSystemLogQuery is true"));
    }
  }

  private static void podLogs(Candidate candidate, String field, Problems out) {
    String path = candidate.config().string(field);
    if (!path.startsWith("/")) {
      out.add(field, candidate.wants(Words.quoted(path), "an absolute path"));
    }
    if (!Paths.isClean(path)) {
      out.add(
          field, candidate.wants(Words.quoted(path), "a path without \"//\", \".\" and \"..\""));
    }
    for (int i = 0; i < path.length(); i++) {
      if (path.charAt(i) > 0x7f) {
        out.add(field, candidate.wants(Words.quoted(path), "ASCII characters only"));
        return;
      }
    }
  }
}
