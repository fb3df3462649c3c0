/** Compares configurations: what differs, what changing it costs, what an upgrade changes. */
@NullMarked
package dev.retune.kubelet.diff;

import org.jspecify.annotations.NullMarked;
