@NullMarked
package dev.retune.api;

import org.jspecify.annotations.NullMarked;
