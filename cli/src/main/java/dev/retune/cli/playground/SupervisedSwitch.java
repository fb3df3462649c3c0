package dev.retune.cli.playground;

import dev.retune.agent.core.Layout;
import dev.retune.agent.core.WayBack;
import dev.retune.agent.node.DeadMansSwitch;
import dev.retune.sandbox.node.Supervisor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * The dead man's switch of a node without a machine: where a node has a systemd timer and a script,
 * this has a thread beside the agent's. It lasts as long as the simulated node.
 */
final class SupervisedSwitch implements DeadMansSwitch, AutoCloseable {
  private static final Logger LOG = System.getLogger(SupervisedSwitch.class.getName());
  private static final Duration AFTER = Duration.ofSeconds(90);

  private final Layout layout;
  private final Supervisor kubelet;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("way-back").daemon().factory());
  private Optional<WayBack> wayBack = Optional.empty();
  private Optional<ScheduledFuture<?>> pending = Optional.empty();
  private Optional<Taken> taken = Optional.empty();

  SupervisedSwitch(Layout layout, Supervisor kubelet) {
    this.layout = layout;
    this.kubelet = kubelet;
  }

  @Override
  public synchronized void arm(WayBack way) {
    wayBack = Optional.of(way);
    push();
  }

  @Override
  public synchronized void push() {
    cancel();
    pending = Optional.of(timer.schedule(this::goBack, AFTER.toMillis(), TimeUnit.MILLISECONDS));
  }

  private void cancel() {
    pending.ifPresent(action -> action.cancel(false));
    pending = Optional.empty();
  }

  @Override
  public void pull() {
    goBack();
  }

  private synchronized void goBack() {
    if (wayBack.isEmpty()) {
      return;
    }
    cancel();
    var way = wayBack.get();
    try {
      var evidence = "the unit was " + kubelet.state();
      Path environment = layout.environmentFile();
      if (way.document().isPresent()) {
        Files.writeString(
            environment, "KUBELET_CONFIG_ARGS=--config=" + way.document().get() + "\n");
      } else {
        Files.deleteIfExists(environment);
      }
      kubelet.restart();
      taken = Optional.of(new Taken(way.undoes(), bootId(), sinceBoot(), evidence));
    } catch (IOException | UncheckedIOException failed) {
      LOG.log(Level.ERROR, "the way back failed: " + failed.getMessage(), failed);
    } catch (InterruptedException closing) {
      Thread.currentThread().interrupt();
    }
  }

  private static String bootId() throws IOException {
    return Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
  }

  private static Duration sinceBoot() throws IOException {
    String uptime = Files.readString(Path.of("/proc/uptime"));
    double seconds = Double.parseDouble(uptime.substring(0, uptime.indexOf(' ')));
    return Duration.ofMillis(Math.round(seconds * 1000));
  }

  @Override
  public synchronized void disarm() {
    cancel();
    wayBack = Optional.empty();
    taken = Optional.empty();
  }

  @Override
  public synchronized boolean armed() {
    return wayBack.isPresent();
  }

  @Override
  public synchronized Optional<Taken> taken() {
    return taken;
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
