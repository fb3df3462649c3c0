/** What the kubelet's validation refuses, as tables of rules with the versions they hold for. */
@NullMarked
package dev.retune.kubelet.rules;

import org.jspecify.annotations.NullMarked;
