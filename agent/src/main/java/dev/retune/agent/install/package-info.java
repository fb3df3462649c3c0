/** Puts the agent on a node, and takes it away. */
@NullMarked
package dev.retune.agent.install;

import org.jspecify.annotations.NullMarked;
