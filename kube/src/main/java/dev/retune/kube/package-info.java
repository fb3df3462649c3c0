@NullMarked
package dev.retune.kube;

import org.jspecify.annotations.NullMarked;
