/** Reads JSON and YAML the way a kubelet does, keeping where each value stands. */
@NullMarked
package dev.retune.kubelet.document;

import org.jspecify.annotations.NullMarked;
