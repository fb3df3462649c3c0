@NullMarked
package dev.retune.kubelet;

import org.jspecify.annotations.NullMarked;
