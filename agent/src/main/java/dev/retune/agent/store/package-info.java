/** The agent's files: written so that power may fail at any moment. */
@NullMarked
package dev.retune.agent.store;

import org.jspecify.annotations.NullMarked;
