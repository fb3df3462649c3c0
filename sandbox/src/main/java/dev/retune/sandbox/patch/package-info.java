@NullMarked
package dev.retune.sandbox.patch;

import org.jspecify.annotations.NullMarked;
