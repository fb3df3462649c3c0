/** A kubeadm node on a machine, and the first complete way through Retune on it. */
@NullMarked
package dev.retune.e2e.node;

import org.jspecify.annotations.NullMarked;
