/** Objects by resource and name, their revisions, and those who watch them change. */
@NullMarked
package dev.retune.sandbox.store;

import org.jspecify.annotations.NullMarked;
