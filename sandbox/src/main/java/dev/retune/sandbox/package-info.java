@NullMarked
package dev.retune.sandbox;

import org.jspecify.annotations.NullMarked;
