/**
 * The pure core: what to do next, as a function of durable state and what is seen. No I/O, no
 * clock.
 */
@NullMarked
package dev.retune.agent.core;

import org.jspecify.annotations.NullMarked;
