/** The agent's hands on systemd, tried on a real one. */
@NullMarked
package dev.retune.e2e.systemd;

import org.jspecify.annotations.NullMarked;
