/**
 * A cluster on this machine alone: the sandbox's control plane, simulated kubelets, real agents.
 */
@NullMarked
package dev.retune.cli.playground;

import org.jspecify.annotations.NullMarked;
