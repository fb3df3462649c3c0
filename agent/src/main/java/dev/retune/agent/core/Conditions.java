package dev.retune.agent.core;

import dev.retune.agent.core.Config.Checkpoint;
import dev.retune.agent.core.Config.Local;
import dev.retune.agent.core.NodeState.Activation;
import dev.retune.agent.core.NodeState.BadContent;
import dev.retune.agent.core.Observation.Kubelet;
import dev.retune.agent.core.Observation.MainProcess;
import dev.retune.agent.core.Observation.Service;
import dev.retune.api.Condition;
import dev.retune.api.Condition.Status;
import dev.retune.api.DriftedField;
import dev.retune.api.NodeKubeletStatus;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The four conditions of a NodeKubelet: a reason for programs, the whole story for people. */
final class Conditions {
  /** The CRD's limit for a message, in characters. */
  private static final int LONGEST_MESSAGE = 32_768;

  private Conditions() {}

  private record Finding(Status status, String reason, String message) {}

  static List<Condition> of(
      Layout layout,
      NodeState state,
      Observation seen,
      Optional<String> storageError,
      NodeKubeletStatus previous) {
    return List.of(
        condition(
            Condition.SYNCED, synced(layout, state, seen, storageError), state, seen, previous),
        condition(Condition.CONFIG_VALID, valid(state), state, seen, previous),
        condition(Condition.KUBELET_HEALTHY, healthy(layout, state, seen), state, seen, previous),
        condition(Condition.LAST_KNOWN_GOOD_UP_TO_DATE, good(state), state, seen, previous));
  }

  private static Condition condition(
      String type, Finding finding, NodeState state, Observation seen, NodeKubeletStatus previous) {
    var since =
        previous
            .condition(type)
            .filter(known -> known.status() == finding.status())
            .map(Condition::lastTransitionTime)
            .orElse(seen.now().wall());
    String message = finding.message();
    return new Condition(
        type,
        finding.status(),
        state.assignment().map(Assignment::generation).orElse(0L),
        since,
        finding.reason(),
        message.length() <= LONGEST_MESSAGE
            ? message
            : message.substring(0, LONGEST_MESSAGE - 1) + "…");
  }

  private static Finding synced(
      Layout layout, NodeState state, Observation seen, Optional<String> storageError) {
    if (storageError.isPresent()) {
      return new Finding(Status.False, "StorageFailed", storageError.get());
    }
    if (!state.lost().isEmpty()) {
      return new Finding(
          Status.False,
          "StateLost",
          "The agent's files on this node were damaged: " + state.lost());
    }
    var drift = StatusReport.drift(layout, state, seen);
    if (drift.isPresent()) {
      return new Finding(
          Status.False,
          "Drifted",
          "The kubelet was started with "
              + (drift.get().isEmpty() ? "no --config" : "--config=" + drift.get())
              + " and not with "
              + (state.active() instanceof Checkpoint active
                  ? "--config=" + layout.document(active)
                  : "its local config")
              + "; somebody changed its unit, a drop-in or "
              + layout.environmentFile());
    }
    var shadowed = StatusReport.shadowed(state, seen);
    var drifted = StatusReport.drifted(state, seen);
    var problems = StatusReport.inEffect(state, seen).map(InEffect::problems).orElse(List.of());
    if (!problems.isEmpty()) {
      return new Finding(
          Status.False,
          "Drifted",
          lines(
              "Somebody changed this node's files, and the kubelet would not start with them:",
              problems.stream()));
    }
    if (!drifted.isEmpty()) {
      return new Finding(
          Status.False,
          "Drifted",
          lines(
              "Somebody changed this node's files; at its next start the kubelet would run with",
              drifted.stream().map(Conditions::text)));
    }
    if (StatusReport.namesNothing(state)) {
      return new Finding(
          Status.False,
          "NoSource",
          "spec.configSource names no ConfigMap; set spec.configSource.configMap, or remove"
              + " spec.configSource to use the local config");
    }
    var unavailable = StatusReport.unavailable(state, seen);
    if (unavailable.isPresent()) {
      return new Finding(Status.False, "DownloadFailed", unavailable.get());
    }
    var source = state.assignment().flatMap(Assignment::source);
    if (source.isEmpty()) {
      return new Finding(Status.True, "NothingAssigned", "No ConfigMap is assigned");
    }
    if (!shadowed.isEmpty() && state.assigned().filter(state.active()::sameContent).isPresent()) {
      return new Finding(
          Status.False,
          "Shadowed",
          lines(
              "These fields of "
                  + Announcements.name(state.active())
                  + " have no effect; take away what overrides them, or take them out of the"
                  + " config:",
              shadowed.stream()
                  .map(field -> field.field() + ": " + field.by() + " in " + field.source())));
    }
    return StatusReport.resolved(state) && state.assigned().isPresent()
        ? new Finding(
            Status.True,
            "Downloaded",
            Announcements.name(state.assigned().get()) + " is on the node")
        : new Finding(
            Status.Unknown,
            "Downloading",
            "Waiting for the API server to send ConfigMap "
                + source.get().namespace()
                + "/"
                + source.get().name());
  }

  private static String text(DriftedField field) {
    return field.field()
        + ": "
        + (field.actual().isEmpty() ? "nothing" : field.actual())
        + " instead of "
        + (field.desired().isEmpty() ? "nothing" : field.desired())
        + " ("
        + field.source()
        + ")";
  }

  private static String lines(String head, Stream<String> lines) {
    return head + "\n" + lines.collect(Collectors.joining("\n"));
  }

  private static Finding valid(NodeState state) {
    if (state.refusal().isPresent()) {
      var ruling = state.refusal().get().ruling();
      return new Finding(Status.False, ruling.reason(), ruling.message());
    }
    var failed = StatusReport.failed(state);
    if (failed.isPresent()) {
      return new Finding(
          Status.False,
          failed.get().reason(),
          failed.get().message()
              + (failed.get().hash().equals(BadContent.LOCAL)
                  ? "\nThe local config is not tried again on this node until the spec changes."
                  : "\nThis content is not tried again on this node until it changes."));
    }
    if (StatusReport.namesNothing(state)) {
      return new Finding(
          Status.False, "NoSource", "spec.configSource names no ConfigMap to be judged");
    }
    if (state.assignment().flatMap(Assignment::source).isEmpty()) {
      return new Finding(Status.True, "NothingAssigned", "No ConfigMap is assigned");
    }
    boolean accepted =
        StatusReport.resolved(state)
            && state.assigned().filter(state.current()::sameContent).isPresent();
    return accepted
        ? new Finding(Status.True, "Accepted", "The kubelet takes the assigned config")
        : new Finding(Status.Unknown, "NotJudged", "The assigned config is not judged yet");
  }

  private static Finding healthy(Layout layout, NodeState state, Observation seen) {
    if (state.activation().isPresent()) {
      return restarting(layout, state.activation().get(), seen.kubelet());
    }
    if (seen.kubelet().healthySince().isPresent()) {
      String witness = StatusReport.inEffect(state, seen).map(InEffect::witness).orElse("");
      return new Finding(
          Status.True, "Healthy", "healthz answers ok" + (witness.isEmpty() ? "" : "; " + witness));
    }
    var service = seen.kubelet().service();
    String unit = unit(service);
    return switch (service.standing()) {
      case STOPPED ->
          new Finding(
              Status.False, "KubeletStopped", "Somebody stopped the kubelet; its unit is " + unit);
      case UNUSABLE ->
          new Finding(
              Status.False,
              "UnitUnusable",
              "systemd cannot start the kubelet: its unit is " + service.loadState());
      case WAITING, STRANDED ->
          new Finding(
              Status.False,
              "KubeletDown",
              "The kubelet ended (" + service.ending() + "); its unit is " + unit);
      case UP ->
          new Finding(
              Status.False, "KubeletUnhealthy", "healthz is not ok; the kubelet's unit is " + unit);
    };
  }

  private static String unit(Service service) {
    return service.activeState() + "/" + service.subState();
  }

  /** What stands between a restart and its proof, where that is not the kubelet's own affair. */
  private static Finding restarting(Layout layout, Activation activation, Kubelet kubelet) {
    String with = "The kubelet is being restarted with " + Announcements.name(activation.target());
    var started = kubelet.process().map(MainProcess::config);
    if (started.isPresent()) {
      return layout.names(activation.target(), started.get())
          ? new Finding(Status.Unknown, "Restarting", with)
          : new Finding(
              Status.Unknown,
              "NotStartedWithConfig",
              with
                  + "; it was started with "
                  + (started.get().isEmpty() ? "no --config" : "--config=" + started.get())
                  + ": if that stays so, the unit's drop-in is not in place");
    }
    var service = kubelet.service();
    return switch (service.standing()) {
      case STOPPED ->
          new Finding(
              Status.Unknown,
              "KubeletStopped",
              with + "; it was stopped, or systemd did not start it: its unit is " + unit(service));
      case UNUSABLE ->
          new Finding(
              Status.Unknown,
              "UnitUnusable",
              with + "; systemd cannot start it: its unit is " + service.loadState());
      case WAITING, STRANDED ->
          new Finding(
              Status.Unknown, "KubeletDown", with + "; it ended (" + service.ending() + ")");
      case UP -> new Finding(Status.Unknown, "Restarting", with);
    };
  }

  private static Finding good(NodeState state) {
    var active = state.active();
    if (state.trial().isPresent()) {
      return new Finding(Status.False, "InTrial", Announcements.name(active) + " is in its trial");
    }
    if (StatusReport.failed(state).isPresent()) {
      return new Finding(
          Status.False,
          "RolledBack",
          "What was asked for failed on this node; the kubelet runs " + Announcements.name(active));
    }
    if (state.refusal().isPresent()) {
      return new Finding(
          Status.False,
          "Rejected",
          "The assigned config was refused; the kubelet runs " + Announcements.name(active));
    }
    if (state.activation().isPresent() || !active.sameContent(state.lastKnownGood())) {
      return new Finding(
          Status.False,
          "Changing",
          "The kubelet is on its way to "
              + Announcements.name(state.current())
              + "; it would fall back to "
              + Announcements.name(state.lastKnownGood()));
    }
    boolean asked = state.assignment().flatMap(Assignment::source).isPresent();
    boolean assignedRuns =
        asked
            ? StatusReport.resolved(state)
                && state.assigned().filter(active::sameContent).isPresent()
            : active instanceof Local;
    return assignedRuns
        ? new Finding(
            Status.True,
            active instanceof Local ? "LocalConfig" : "TrialPassed",
            Announcements.name(active) + " is the last known good config")
        : new Finding(
            Status.False,
            "NotYetRun",
            "The assigned config has not run yet; the kubelet runs " + Announcements.name(active));
  }
}
