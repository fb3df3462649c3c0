/**
 * The kubelet's command line: its flags per version, where each one comes from, and which field of
 * a configuration it overrides. Files are handed in as text; nothing here reads a disk.
 */
@NullMarked
package dev.retune.kubelet.flags;

import org.jspecify.annotations.NullMarked;
