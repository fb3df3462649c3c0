/** HTTP: who asks, what for, and how the answer looks on the wire. */
@NullMarked
package dev.retune.sandbox.server;

import org.jspecify.annotations.NullMarked;
