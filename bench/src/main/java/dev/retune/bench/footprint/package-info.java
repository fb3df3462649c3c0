/** What the agent takes of a node: memory, time to start, processor, wake-ups. */
@NullMarked
package dev.retune.bench.footprint;

import org.jspecify.annotations.NullMarked;
