package dev.retune.kubelet.rules;

import static dev.retune.kubelet.rules.Checks.atLeast;
import static dev.retune.kubelet.rules.Checks.between;
import static dev.retune.kubelet.rules.Checks.notNegative;
import static dev.retune.kubelet.rules.Checks.oneOf;
import static dev.retune.kubelet.rules.Checks.unsetOrAtLeast;
import static dev.retune.kubelet.rules.Rule.rule;
import static dev.retune.kubelet.rules.Versions.always;
import static dev.retune.kubelet.rules.Versions.since;
import static dev.retune.kubelet.rules.Versions.until;

import dev.retune.kubelet.value.FieldType.Field;
import dev.retune.kubelet.value.GoDuration;
import dev.retune.kubelet.value.Problems;
import dev.retune.kubelet.value.StructValue;
import java.util.List;

/** Bounds and choices of single values and of pairs that limit each other. */
final class LimitRules {

  private static final long MILLISECOND = 1_000_000L;
  private static final long SECOND = 1000 * MILLISECOND;

  static final List<Rule> RULES =
      List.of(
          rule("nodeLeaseDurationSeconds", always(), atLeast(1)),
          rule("eventBurst", always(), notNegative()),
          rule("eventRecordQPS", always(), notNegative()),
          rule("healthzPort", always(), between(0, 65535)),
          rule("cpuCFSQuotaPeriod", always(), LimitRules::quotaPeriod),
          rule("imageGCHighThresholdPercent", always(), between(0, 100)),
          rule("imageGCLowThresholdPercent", always(), between(0, 100)),
          rule("imageGCLowThresholdPercent", always(), LimitRules::lowBelowHigh),
          rule("imageMinimumGCAge", since(36), LimitRules::notNegativeDuration),
          rule("imageMaximumGCAge", since(29), LimitRules::imageMaximumAge),
          rule("iptablesDropBit", always(), between(0, 31)),
          rule("iptablesMasqueradeBit", always(), between(0, 31)),
          rule("kubeAPIBurst", always(), notNegative()),
          rule("kubeAPIQPS", always(), notNegative()),
          rule("nodeStatusMaxImages", always(), atLeast(-1)),
          rule("maxOpenFiles", always(), notNegative()),
          rule("maxPods", always(), notNegative()),
          rule("oomScoreAdj", always(), between(-1000, 1000)),
          rule("podsPerCore", always(), notNegative()),
          rule("port", always(), between(1, 65535)),
          rule("readOnlyPort", always(), between(0, 65535)),
          rule("registryBurst", always(), notNegative()),
          rule("registryPullQPS", always(), notNegative()),
          rule("maxParallelImagePulls", since(27), unsetOrAtLeast(1)),
          rule("maxParallelImagePulls", since(27), LimitRules::parallelPulls),
          rule("serverTLSBootstrap", always(), LimitRules::serverCertificates),
          rule("runOnce", since(32), LimitRules::runOnce),
          rule("hairpinMode", always(), oneOf("none", "hairpin-veth", "promiscuous-bridge")),
          rule("crashLoopBackOff", since(32), LimitRules::crashLoop),
          rule("shutdownGracePeriodCriticalPods", always(), LimitRules::criticalWithinAll),
          rule("shutdownGracePeriod", always(), LimitRules::shutdownPeriod),
          rule("shutdownGracePeriodCriticalPods", always(), LimitRules::shutdownPeriod),
          rule("shutdownGracePeriod", always(), LimitRules::shutdownGate),
          rule("shutdownGracePeriodByPodPriority", always(), LimitRules::shutdownByPriority),
          rule("containerLogMaxWorkers", since(30), atLeast(1)),
          rule("containerLogMonitorInterval", since(30), LimitRules::logMonitorInterval),
          rule("containerLogMaxFiles", since(33), atLeast(2)));

  private LimitRules() {}

  private static void quotaPeriod(Candidate candidate, String field, Problems out) {
    long period = candidate.config().nanos(field);
    if (!candidate.gates().on("CustomCPUCFSQuotaPeriod")) {
      if (period != 100 * MILLISECOND) {
        out.add(
            field,
            GoDuration.format(period)
                + " differs from 100ms and "
                + candidate.needsGate("CustomCPUCFSQuotaPeriod"));
      }
      return;
    }
    // Down to one microsecond in 1.25, one millisecond since.
    boolean micros = until(25).include(candidate.version());
    if (period < (micros ? 1000 : MILLISECOND) || period > SECOND) {
      out.add(
          field,
          candidate.wants(GoDuration.format(period), (micros ? "1\u00b5s" : "1ms") + " to 1s"));
    }
  }

  private static void lowBelowHigh(Candidate candidate, String field, Problems out) {
    long low = candidate.config().number(field);
    long high = candidate.config().number("imageGCHighThresholdPercent");
    if (low >= high) {
      out.add(
          field, candidate.wants(low, "less than imageGCHighThresholdPercent, which is " + high));
    }
  }

  private static void notNegativeDuration(Candidate candidate, String field, Problems out) {
    long nanos = candidate.config().nanos(field);
    if (nanos < 0) {
      out.add(field, candidate.wants(GoDuration.format(nanos), "0s or more"));
    }
  }

  private static void imageMaximumAge(Candidate candidate, String field, Problems out) {
    long most = candidate.config().nanos(field);
    long least = candidate.config().nanos("imageMinimumGCAge");
    if (most != 0 && !candidate.gates().on("ImageMaximumGCAge")) {
      out.add(field, candidate.needsGate("ImageMaximumGCAge"));
    }
    notNegativeDuration(candidate, field, out);
    if (most > 0 && most <= least) {
      out.add(
          field,
          candidate.wants(
              GoDuration.format(most),
              "more than imageMinimumGCAge, which is " + GoDuration.format(least)));
    }
  }

  private static void parallelPulls(Candidate candidate, String field, Problems out) {
    long pulls = candidate.config().number(field);
    if (pulls > 1 && candidate.config().bool("serializeImagePulls")) {
      out.add(field, candidate.wants(pulls, "1 while serializeImagePulls is true"));
    }
  }

  private static void serverCertificates(Candidate candidate, String field, Problems out) {
    if (candidate.config().bool(field) && !candidate.gates().on("RotateKubeletServerCertificate")) {
      out.add(field, candidate.needsGate("RotateKubeletServerCertificate"));
    }
  }

  private static void runOnce(Candidate candidate, String field, Problems out) {
    if (candidate.config().bool(field)) {
      out.add(field, candidate.wants(true, "false, since the run-once mode is gone"));
    }
  }

  private static void crashLoop(Candidate candidate, String field, Problems out) {
    String path = field + ".maxContainerRestartPeriod";
    StructValue backOff = candidate.config().struct(field);
    Field period = backOff.type().field("maxContainerRestartPeriod");
    Object given = period == null ? null : backOff.get(period);
    if (!candidate.gates().on("KubeletCrashLoopBackOffMax")) {
      if (given != null) {
        out.add(path, candidate.needsGate("KubeletCrashLoopBackOffMax"));
      }
    } else if (!(given instanceof Long nanos)) {
      out.add(
          path,
          "must be set when the feature gate KubeletCrashLoopBackOffMax comes from the command"
              + " line");
    } else if (nanos / MILLISECOND < 1000 || nanos / MILLISECOND > 300_000) {
      out.add(path, candidate.wants(GoDuration.format(nanos), "1s to 5m0s"));
    }
  }

  private static void criticalWithinAll(Candidate candidate, String field, Problems out) {
    long critical = candidate.config().nanos(field);
    long all = candidate.config().nanos("shutdownGracePeriod");
    if (critical > all && candidate.gates().on("GracefulNodeShutdown")) {
      out.add(
          field,
          candidate.wants(
              GoDuration.format(critical),
              "at most shutdownGracePeriod, which is " + GoDuration.format(all)));
    }
  }

  private static void shutdownPeriod(Candidate candidate, String field, Problems out) {
    long period = candidate.config().nanos(field);
    if (period != 0 && period < SECOND && candidate.gates().on("GracefulNodeShutdown")) {
      out.add(field, candidate.wants(GoDuration.format(period), "0s, or 1s or more"));
    }
  }

  private static void shutdownGate(Candidate candidate, String field, Problems out) {
    StructValue config = candidate.config();
    boolean asked =
        config.nanos("shutdownGracePeriod") > 0
            || config.nanos("shutdownGracePeriodCriticalPods") > 0;
    if (asked && !candidate.gates().on("GracefulNodeShutdown")) {
      out.add(field, candidate.needsGate("GracefulNodeShutdown"));
    }
  }

  private static void shutdownByPriority(Candidate candidate, String field, Problems out) {
    StructValue config = candidate.config();
    if (config.list(field).isEmpty()) {
      return;
    }
    if (!candidate.gates().on("GracefulNodeShutdownBasedOnPodPriority")) {
      out.add(field, candidate.needsGate("GracefulNodeShutdownBasedOnPodPriority"));
    } else if (config.nanos("shutdownGracePeriod") > 0
        || config.nanos("shutdownGracePeriodCriticalPods") > 0) {
      out.add(
          field,
          "cannot be given together with shutdownGracePeriod or shutdownGracePeriodCriticalPods;"
              + " kubelet "
              + candidate.version()
              + " wants one of the two ways");
    }
  }

  private static void logMonitorInterval(Candidate candidate, String field, Problems out) {
    long interval = candidate.config().nanos(field);
    if (interval < 3 * SECOND) {
      out.add(field, candidate.wants(GoDuration.format(interval), "3s or more"));
    }
  }
}
