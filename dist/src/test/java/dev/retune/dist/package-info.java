/** The archive as people get it: unpacked, run, installed. */
@NullMarked
package dev.retune.dist;

import org.jspecify.annotations.NullMarked;
