@NullMarked
package dev.retune.sandbox.crd;

import org.jspecify.annotations.NullMarked;
