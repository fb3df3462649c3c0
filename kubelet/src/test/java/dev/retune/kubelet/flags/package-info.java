@NullMarked
package dev.retune.kubelet.flags;

import org.jspecify.annotations.NullMarked;
