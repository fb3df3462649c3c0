/**
 * A node without Kubernetes on it: a simulated kubelet that accepts, refuses and dies as a real one
 * does, and a supervisor that runs it as a systemd unit would be run.
 */
@NullMarked
package dev.retune.sandbox.node;

import org.jspecify.annotations.NullMarked;
