@NullMarked
package dev.retune.kubelet.rules;

import org.jspecify.annotations.NullMarked;
