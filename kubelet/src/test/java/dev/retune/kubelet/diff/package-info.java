@NullMarked
package dev.retune.kubelet.diff;

import org.jspecify.annotations.NullMarked;
