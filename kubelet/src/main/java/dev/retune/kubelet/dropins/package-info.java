/**
 * The files that a kubelet's {@code --config-dir} makes it merge over its config, in the three ways
 * in which kubelets since 1.28 did that.
 */
@NullMarked
package dev.retune.kubelet.dropins;

import org.jspecify.annotations.NullMarked;
