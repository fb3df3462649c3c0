/** The kinds that are served and the rules their objects live by. */
@NullMarked
package dev.retune.sandbox.registry;

import org.jspecify.annotations.NullMarked;
