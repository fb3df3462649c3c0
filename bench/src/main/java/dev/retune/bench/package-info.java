/** The numbers the README quotes: how fast a config is judged, and what that allocates. */
@NullMarked
package dev.retune.bench;

import org.jspecify.annotations.NullMarked;
