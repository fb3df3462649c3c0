package dev.retune.cli.playground;

import dev.retune.agent.core.Observation.Service;
import dev.retune.agent.node.ServiceManager;
import dev.retune.sandbox.node.Supervisor;
import java.util.List;

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
            unit.activeState(),
            unit.subState(),
            unit.result(),
            unit.execMainStatus(),
            unit.restarts()),
        unit.mainPid());
  }

  @Override
  public List<String> lastLines(int most) {
    return supervisor.lastLines(most);
  }
}
