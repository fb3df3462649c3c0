/** Who may still refuse a write when the object is complete: validating admission. */
@NullMarked
package dev.retune.sandbox.admission;

import org.jspecify.annotations.NullMarked;
