/** The control plane that the machines belong to. */
@NullMarked
package dev.retune.e2e.cluster;

import org.jspecify.annotations.NullMarked;
