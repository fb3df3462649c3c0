@NullMarked
package dev.retune.api.crd;

import org.jspecify.annotations.NullMarked;
