/** {@code retune demo}: the way of a config on a cluster in memory, each step checked. */
@NullMarked
package dev.retune.cli.demo;

import org.jspecify.annotations.NullMarked;
