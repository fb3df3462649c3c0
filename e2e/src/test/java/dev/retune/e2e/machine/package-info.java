/**
 * Machines with a real systemd, booted in containers, for tests of what only an init system does.
 */
@NullMarked
package dev.retune.e2e.machine;

import org.jspecify.annotations.NullMarked;
