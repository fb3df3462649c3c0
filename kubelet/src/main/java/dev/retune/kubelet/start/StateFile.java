package dev.retune.kubelet.start;

/**
 * A file in the kubelet's {@code --root-dir} in which one of its resource managers keeps what it
 * gave to which container. A kubelet does not start with one that does not fit its configuration.
 */
public enum StateFile {
  /** {@code cpuManagerStateFileName} in {@code pkg/kubelet/cm/cpumanager/cpu_manager.go}. */
  CPU_MANAGER("cpu_manager_state"),
  /** {@code memoryManagerStateFileName} in {@code cm/memorymanager/memory_manager.go}. */
  MEMORY_MANAGER("memory_manager_state");

  private final String fileName;

  StateFile(String fileName) {
    this.fileName = fileName;
  }

  /** Its name in the kubelet's directory, such as {@code cpu_manager_state}. */
  public String fileName() {
    return fileName;
  }
}
