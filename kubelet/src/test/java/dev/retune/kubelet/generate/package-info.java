/** Turns facts about a Kubernetes release into the resources of this module. */
@NullMarked
package dev.retune.kubelet.generate;

import org.jspecify.annotations.NullMarked;
