/** The agent: the loop between the pure core and its edges, its options and its entry. */
@NullMarked
package dev.retune.agent;

import org.jspecify.annotations.NullMarked;
