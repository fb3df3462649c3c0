/** Trouble on order: what a test can ask the control plane to do to its clients. */
@NullMarked
package dev.retune.sandbox.faults;

import org.jspecify.annotations.NullMarked;
