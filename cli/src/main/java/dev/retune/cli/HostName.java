package dev.retune.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** This machine's name as a kubelet takes it for its Node: the kernel's, in lower case. */
final class HostName {
  private static final Path KERNEL = Path.of("/proc/sys/kernel/hostname");

  private HostName() {}

  static String of(Console console) {
    try {
      var name = Files.readString(KERNEL).strip().toLowerCase(Locale.ROOT);
      if (!name.isEmpty()) {
        return name;
      }
    } catch (IOException noProc) {
      var name = console.env().getOrDefault("HOSTNAME", "").toLowerCase(Locale.ROOT);
      if (!name.isEmpty()) {
        return name;
      }
    }
    throw Failure.usage("this machine does not tell its name", "give --node-name NODE");
  }
}
