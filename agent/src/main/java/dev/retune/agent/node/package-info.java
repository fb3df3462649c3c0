/** The node: its service manager, its kubelet, the judge that asks the kubelet binary. */
@NullMarked
package dev.retune.agent.node;

import org.jspecify.annotations.NullMarked;
