package dev.retune.kubelet.flags;

/** A file that was read: its name and what is in it. */
public record TextFile(String name, String text) {}
