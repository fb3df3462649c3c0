package dev.retune.agent.core;

/**
 * How the main process of the kubelet's unit ended, in systemd's words, and whose doing that was
 * (AGENT-13). What systemd says in each case was tried with systemd 252; {@code
 * docs/attribution.md} has the table.
 *
 * @param result Result of the unit: {@code success}, {@code exit-code}, {@code signal}, {@code
 *     oom-kill}, {@code timeout}, …; {@code oom-kill} also where only the kernel's counter says so
 * @param how ExecMainCode
 * @param status ExecMainStatus: exit code or signal
 * @param asked whether systemd stopped it because of a job: {@code systemctl stop} or {@code
 *     restart}, a dependency that stopped, a shutdown
 */
public record Ending(String result, How how, int status, boolean asked) {

  /** ExecMainCode, which is {@code si_code} of a SIGCHLD. */
  public enum How {
    /** No main process was started, or none has ended. */
    NONE,
    EXITED,
    KILLED,
    DUMPED
  }

  /** Whose doing an end was. */
  enum Doing {
    /** The kubelet ended by itself: the config may be why. */
    KUBELET,
    /** It exited without an error, as a kubelet does that got SIGTERM, or has nothing to do. */
    CLEAN_EXIT,
    /** A signal that no kubelet sends itself, or the kernel's want of memory. */
    OUTSIDE,
    /** A job of systemd's, so a person or a shutdown. */
    ASKED,
    /** There was no kubelet that could have read a config. */
    NOT_STARTED
  }

  private static final int SIGHUP = 1;
  private static final int SIGINT = 2;
  private static final int SIGKILL = 9;
  private static final int SIGTERM = 15;

  /**
   * Exit codes of a service manager that could not start the program (systemd.exec(5) uses 200 to
   * 245, the LSB reserves 200 to 254); kubelets use 0, 1, 2 (panic) and 255.
   */
  private static final int FIRST_RESERVED = 200;

  private static final int LAST_RESERVED = 254;

  /** Nothing has ended. */
  public static final Ending NONE = new Ending("success", How.NONE, 0, false);

  /** An end of which only that is known. */
  public static final Ending UNKNOWN = new Ending("unknown", How.EXITED, 1, false);

  Doing doing() {
    if (asked) {
      return Doing.ASKED;
    }
    return switch (result) {
      case "oom-kill" -> Doing.OUTSIDE;
      case "start-limit-hit", "resources", "exec-condition" -> Doing.NOT_STARTED;
      case "watchdog" -> Doing.KUBELET;
      default ->
          switch (how) {
            case NONE -> Doing.NOT_STARTED;
            case EXITED -> exited();
            case KILLED -> killed();
            case DUMPED -> Doing.KUBELET;
          };
    };
  }

  private Doing exited() {
    if (status == 0) {
      return Doing.CLEAN_EXIT;
    }
    return status >= FIRST_RESERVED && status <= LAST_RESERVED ? Doing.NOT_STARTED : Doing.KUBELET;
  }

  private Doing killed() {
    boolean slow = result.equals("timeout");
    boolean outside =
        status == SIGKILL || status == SIGTERM || status == SIGINT || status == SIGHUP;
    return outside && !slow ? Doing.OUTSIDE : Doing.KUBELET;
  }

  /** For people. */
  public String text() {
    return switch (result) {
      case "oom-kill" -> "killed by the kernel for want of memory";
      case "watchdog" -> "killed by systemd because its watchdog heard nothing";
      case "timeout" -> "killed by systemd because it took too long";
      case "start-limit-hit" -> "systemd does not start it again: it was started too often";
      case "resources" -> "systemd could not prepare its start";
      case "unknown" -> "nobody saw how";
      default ->
          switch (how) {
            case NONE ->
                result.equals("success")
                    ? "it was not started"
                    : "a command before it failed: " + result;
            case EXITED ->
                doing() == Doing.NOT_STARTED
                    ? "systemd could not start it: exit status " + status + program()
                    : "exit status " + status;
            case KILLED -> "signal " + status;
            case DUMPED -> "signal " + status + ", core dumped";
          };
    };
  }

  private String program() {
    return status == 203 ? ", the program is missing or cannot be executed" : "";
  }
}
