/** What Prometheus scrapes. */
@NullMarked
package dev.retune.agent.metrics;

import org.jspecify.annotations.NullMarked;
