package dev.retune.cli.playground;

import dev.retune.agent.core.Ending;
import dev.retune.agent.core.Ending.How;
import dev.retune.agent.core.Observation.Service;
import dev.retune.agent.node.ServiceManager;
import dev.retune.sandbox.node.Supervisor;
import dev.retune.sandbox.node.UnitState;
import java.util.List;
import java.util.Optional;

/** A kubelet that a {@link Supervisor} runs, seen as an agent sees its unit. */
record SupervisedKubelet(Supervisor supervisor) implements ServiceManager {
  @Override
  public void restart() throws InterruptedException {
    supervisor.restart();
  }

  @Override
  public void stop() throws InterruptedException {
    supervisor.stop();
  }

  @Override
  public State state() {
    var unit = supervisor.state();
    return new State(
        new Service(
            "loaded",
            unit.activeState(),
            unit.subState(),
            ending(unit),
            Optional.empty(),
            unit.restarts(),
            unit.invocationId(),
            ""),
        unit.mainPid());
  }

  private static Ending ending(UnitState unit) {
    if (unit.mainPid().isPresent() || unit.invocationId().isEmpty()) {
      return Ending.NONE;
    }
    boolean signalled = unit.result().equals("signal");
    // The supervisor starts a kubelet again whenever it was not asked to stop it.
    return new Ending(
        unit.result(),
        signalled ? How.KILLED : How.EXITED,
        unit.execMainStatus(),
        unit.activeState().equals("inactive"));
  }

  @Override
  public List<String> lastLines(int most) {
    return supervisor.lastLines(most);
  }
}
