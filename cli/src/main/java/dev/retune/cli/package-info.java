@NullMarked
package dev.retune.cli;

import org.jspecify.annotations.NullMarked;
