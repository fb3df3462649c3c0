/** Values of a configuration: typed, defaulted, and written as plain trees. */
@NullMarked
package dev.retune.kubelet.value;

import org.jspecify.annotations.NullMarked;
