@NullMarked
package dev.retune.kubelet.start;

import org.jspecify.annotations.NullMarked;
