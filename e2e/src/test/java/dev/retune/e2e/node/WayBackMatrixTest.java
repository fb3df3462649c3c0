package dev.retune.e2e.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.retune.agent.core.Document;
import dev.retune.api.OnInvalid;
import dev.retune.api.Phase;
import dev.retune.e2e.cluster.TestCluster;
import dev.retune.e2e.machine.Machine;
import dev.retune.e2e.machine.NeedsMachine;
import dev.retune.kube.Tree;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Everything that can go wrong, at the three worst moments of an activation of a config that
 * crashes the kubelet: it ends up on the last known good one. All of it: {@code ./mvnw -pl e2e -am
 * verify -Dtest=WayBackMatrixTest -Dsurefire.failIfNoSpecifiedTests=false
 * -Dretune.way-back-matrix=true}.
 */
@NeedsMachine
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WayBackMatrixTest {
  private static final String ALL = "retune.way-back-matrix";
  private static final String GARBAGE = "/etc/kubernetes/pki/garbage.pem";
  private static final String AGENT = "/usr/local/bin/retune";
  private static final String HOLD = "/run/hold-the-restart";
  private static final String SMALL = "/mnt/small";
  private static final int GOOD_PODS = 61;

  /** Longer than the agent goes without a push. */
  private static final Duration DEADLINE = Duration.ofSeconds(30);

  /** For an agent that pushes no more. */
  private static final Duration SHORT_DEADLINE = Duration.ofSeconds(10);

  /** From the switch's deadline to a kubelet that is healthy. */
  private static final Duration MARGIN = Duration.ofSeconds(8);

  private static final Duration TRIAL = Duration.ofMinutes(10);
  private static final Duration CRASH_AFTER = Duration.ofSeconds(5);

  /** Keeps the moment between the file and the restart for as long as the test needs. */
  private static final String SLOW_SYSTEMCTL =
      """
      #!/bin/sh
      case "$*" in
        *start*kubelet* | stop*kubelet*) while [ -e %s ]; do sleep 0.02; done ;;
      esac
      exec /usr/bin/systemctl "$@"
      """
          .formatted(HOLD);

  private final List<String> table = new ArrayList<>();
  private NodeFixture fixture;
  private Admin admin;
  private KubeadmNode node;
  private Machine machine;
  private int round;

  /** When it goes wrong. */
  enum Moment {
    /** {@code kubelet.env} names the new config, the kubelet still runs the old one. */
    ACTIVATED,
    /** The kubelet was restarted, and dies of the config. */
    RESTARTED,
    /** The kubelet was proven healthy, and dies later. */
    IN_TRIAL
  }

  /** What goes wrong. */
  enum Fault {
    READ_ONLY(false) {
      @Override
      void strike(WayBackMatrixTest test) {
        test.makeReadOnly();
      }
    },
    DISK_FULL(false) {
      @Override
      void strike(WayBackMatrixTest test) {
        test.fillDisk();
      }
    },
    API_CUT_OFF(false) {
      @Override
      void strike(WayBackMatrixTest test) {
        test.fixture.cluster().away();
      }
    },
    REBOOTED(false) {
      @Override
      void strike(WayBackMatrixTest test) {
        test.reboot();
      }
    },
    KILLED(true) {
      @Override
      void strike(WayBackMatrixTest test) {}
    },
    KILLED_DIRECTORY_DELETED(true) {
      @Override
      void strike(WayBackMatrixTest test) {
        test.shell("rm -rf /var/lib/retune/* /var/lib/retune/.[!.]* ");
      }
    },
    KILLED_READ_ONLY(true) {
      @Override
      void strike(WayBackMatrixTest test) {
        test.makeReadOnly();
      }
    },
    KILLED_DISK_FULL(true) {
      @Override
      void strike(WayBackMatrixTest test) {
        test.fillDisk();
      }
    },
    KILLED_API_CUT_OFF(true) {
      @Override
      void strike(WayBackMatrixTest test) {
        test.fixture.cluster().away();
      }
    },
    KILLED_REBOOTED(true) {
      @Override
      void strike(WayBackMatrixTest test) {
        test.reboot();
      }
    };

    private final boolean agentGone;

    Fault(boolean agentGone) {
      this.agentGone = agentGone;
    }

    abstract void strike(WayBackMatrixTest test);
  }

  record Case(Fault fault, Moment moment) {
    @Override
    public String toString() {
      return (fault + ", " + moment).toLowerCase(Locale.ROOT).replace('_', ' ');
    }
  }

  /** Every fault, at one of the moments in turn; at all of them they take a quarter of an hour. */
  static List<Case> cases() {
    var cases = new ArrayList<Case>();
    Moment[] moments = Moment.values();
    int next = 0;
    for (Fault fault : Fault.values()) {
      if (Boolean.getBoolean(ALL)) {
        Arrays.stream(moments).map(moment -> new Case(fault, moment)).forEach(cases::add);
      } else {
        cases.add(new Case(fault, moments[next++ % moments.length]));
      }
    }
    return cases;
  }

  @BeforeAll
  void boot(@TempDir Path directory) throws Exception {
    fixture = NodeFixture.boot(directory, "matrix");
    admin = fixture.admin();
    node = fixture.node();
    machine = node.machine();
    machine.write(GARBAGE, "no certificate\n");
    machine.write("/usr/local/bin/systemctl", SLOW_SYSTEMCTL, "rwxr-xr-x");
    admin.register(node, Duration.ofMillis(500), OnInvalid.KeepActive);
    admin.putConfigMap("good", Documents.correct(GOOD_PODS));
    admin.assign(node, "good", Admin.KEY);
    admin.awaitPhase(node, Phase.Good);
    admin.settings(node, TRIAL, OnInvalid.KeepActive);
  }

  @AfterAll
  void shutDown() {
    System.out.println("measured: seconds from the fault to a healthy kubelet on last known good");
    table.forEach(System.out::println);
    fixture.close();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  @DisplayName("AGENT-15 whatever goes wrong, the kubelet ends up on last known good in time")
  void matrix(Case one) throws Exception {
    Duration deadline = one.fault().agentGone ? SHORT_DEADLINE : DEADLINE;
    setDeadline(deadline);
    if (one.fault().name().endsWith("DISK_FULL")) {
      useSmallDisk();
    }
    Duration took = strike(one.fault(), one.moment());
    tell("  %-40s %6.1f".formatted(one, took.toMillis() / 1000.0));
    assertThat(took)
        .isLessThan(
            deadline
                .plus(MARGIN)
                .plus(one.moment() == Moment.IN_TRIAL ? CRASH_AFTER : Duration.ZERO));
    mend(one);
  }

  @Test
  @EnabledIfSystemProperty(named = ALL, matches = "true")
  @DisplayName("AGENT-15 the same with the deadline that is shipped: 90 s")
  void asShipped() throws Exception {
    shell("rm -rf /etc/systemd/system/retune-way-back.timer.d; systemctl daemon-reload");
    Duration took = strike(Fault.KILLED, Moment.RESTARTED);
    tell("  %-40s %6.1f".formatted("killed, restarted, as shipped", took.toMillis() / 1000.0));
    assertThat(took).isBetween(Duration.ofSeconds(80), Duration.ofSeconds(90).plus(MARGIN));
    mend(new Case(Fault.KILLED, Moment.RESTARTED));
  }

  private void tell(String line) {
    System.out.println(line);
    table.add(line);
  }

  /** Assigns a config that crashes, has the fault at the moment, and waits for the way back. */
  private Duration strike(Fault fault, Moment moment) throws Exception {
    int pods = 200 + ++round;
    String name = "bad-" + round;
    boolean late = moment == Moment.IN_TRIAL;
    machine.write(
        "/var/lib/kubelet/simulated-faults",
        "when=maxPods:%d\nexit-after=%ds\n".formatted(pods, CRASH_AFTER.toSeconds()));
    admin.putConfigMap(
        name, late ? Documents.correct(pods) : Documents.crashing(GARBAGE) + "# " + pods + "\n");
    Traces before = Traces.of(node);
    if (moment == Moment.ACTIVATED) {
      machine.write(HOLD, "");
    }
    admin.assign(node, name, Admin.KEY);
    before.await(
        moment + " can be seen",
        now ->
            switch (moment) {
              case ACTIVATED -> !now.environment().equals(before.environment());
              case RESTARTED -> now.issued();
              case IN_TRIAL -> now.state().containsKey("trial");
            });

    long start = System.nanoTime();
    if (fault.agentGone) {
      killAgentForGood();
    }
    fault.strike(this);
    if (moment == Moment.ACTIVATED) {
      shell("rm -f " + HOLD);
      if (fault.agentGone) {
        // Somebody, or a crash, restarts it before the switch does.
        machine.exec("/usr/bin/systemctl", "restart", "kubelet");
      }
      await("the restart with the bad config")
          .pollDelay(Duration.ZERO)
          .pollInterval(Duration.ofMillis(2))
          .until(() -> !runsGood());
    }
    await("last known good runs")
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(20))
        .atMost(Duration.ofSeconds(150))
        .until(this::runsGood);
    return Duration.ofNanos(System.nanoTime() - start);
  }

  /**
   * Whether the kubelet's process was started with the last known good document, and is healthy.
   */
  private boolean runsGood() {
    String pid = node.kubeletPid();
    try {
      String[] arguments =
          Files.readString(machine.inside("/proc/" + pid + "/cmdline")).split("\0", -1);
      for (String argument : arguments) {
        if (argument.startsWith("--config=")) {
          String file = argument.substring("--config=".length());
          return machine.exists(file)
              && machine.read(file).contains("\nmaxPods: " + GOOD_PODS + "\n")
              && node.healthy();
        }
      }
      return false;
    } catch (IOException ended) {
      return false;
    }
  }

  /** SIGKILL, and what systemd would start again is gone. */
  private void killAgentForGood() {
    try {
      Files.move(machine.inside(AGENT), machine.inside(AGENT + ".gone"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    node.killAgent();
  }

  private void makeReadOnly() {
    shell(
        """
        for directory in /var/lib/retune /var/lib/retune-way-back; do
          mount --bind $directory $directory && mount -o remount,ro,bind $directory || exit 1
        done
        """);
  }

  /** Both directories on a file system of their own. */
  private void useSmallDisk() {
    shell(
        """
        systemctl stop retune-agent
        mkdir -p %1$s && mount -t tmpfs -o size=2m,mode=700 tmpfs %1$s
        for name in retune retune-way-back; do
          cp -a /var/lib/$name %1$s && mount --bind %1$s/$name /var/lib/$name || exit 1
        done
        systemctl start retune-agent
        """
            .formatted(SMALL));
  }

  private void fillDisk() {
    machine.exec("sh", "-c", "cat /dev/zero >" + SMALL + "/filler");
    assertThat(machine.exec("sh", "-c", "echo x >/var/lib/retune/x").exitCode()).isNotZero();
  }

  private void reboot() {
    machine.cutPower();
    machine.powerOn();
    machine.awaitBooted();
  }

  private void setDeadline(Duration deadline) {
    machine.write(
        "/etc/systemd/system/retune-way-back.timer.d/test.conf",
        "[Timer]\nOnActiveSec=\nOnActiveSec=%d\n".formatted(deadline.toSeconds()));
    shell("systemctl daemon-reload");
  }

  private static boolean goodIsKnown(Traces now) {
    return now.settled()
        && Tree.string(now.state(), "lastKnownGood", "sha256")
            .equals(Optional.of(Document.of(Documents.correct(GOOD_PODS)).hash()));
  }

  private void shell(String script) {
    machine.must("sh", "-c", script);
  }

  /** Ends the fault; an agent that comes back finds out what happened, and says so. */
  private void mend(Case one) throws Exception {
    TestCluster cluster = fixture.cluster();
    cluster.back();
    setDeadline(DEADLINE);
    shell(
        """
        if [ -e %1$s.gone ]; then mv %1$s.gone %1$s; fi
        if mountpoint -q %2$s; then
          rm -f %2$s/filler
          systemctl stop retune-agent
          rm -rf /var/lib/retune.new /var/lib/retune-way-back.new
          cp -a %2$s/retune /var/lib/retune.new; cp -a %2$s/retune-way-back /var/lib/retune-way-back.new
          umount /var/lib/retune /var/lib/retune-way-back %2$s
          for name in retune retune-way-back; do
            rm -rf /var/lib/$name; mv /var/lib/$name.new /var/lib/$name
          done
        fi
        for directory in /var/lib/retune /var/lib/retune-way-back; do
          while mountpoint -q $directory; do umount $directory || exit 1; done
        done
        systemctl reset-failed retune-agent
        systemctl start retune-agent
        """
            .formatted(AGENT, SMALL));
    if (one.fault() == Fault.KILLED_DIRECTORY_DELETED) {
      // With its memory the agent has lost that this config was good: it has to be tried again.
      admin.settings(node, Duration.ofMillis(500), OnInvalid.KeepActive);
      admin.assign(node, "good", Admin.KEY);
      Traces.of(node).await("good is last known good again", now -> goodIsKnown(now));
      admin.awaitPhase(node, Phase.Good);
      admin.settings(node, TRIAL, OnInvalid.KeepActive);
    } else {
      admin.awaitStatus(
          node,
          "rolled back after " + one,
          Duration.ofSeconds(90),
          status -> status.phase().filter(Phase.RolledBack::equals).isPresent());
      assertThat(admin.configz(node)).as(one.toString()).containsEntry("maxPods", (long) GOOD_PODS);
      admin.assign(node, "good", Admin.KEY);
      admin.awaitPhase(node, Phase.Good);
    }
    assertThat(goodIsKnown(Traces.of(node))).as(one.toString()).isTrue();
    assertThat(machine.exists("/run/retune/kubelet.env")).as(one.toString()).isFalse();
    assertThat(machine.exists("/var/lib/retune-way-back/armed")).as(one.toString()).isFalse();
  }
}
