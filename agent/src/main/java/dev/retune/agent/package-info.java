@NullMarked
package dev.retune.agent;

import org.jspecify.annotations.NullMarked;
