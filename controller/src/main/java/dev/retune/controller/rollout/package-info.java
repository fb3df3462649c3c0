/**
 * A config on its way over many nodes, as a function: what the cluster says of a rollout and its
 * nodes, and a time, go in; what to write comes out. Nothing is remembered in between (ROLL-4).
 */
@NullMarked
package dev.retune.controller.rollout;

import org.jspecify.annotations.NullMarked;
