/**
 * What a kubelet finds out only when it starts: tables and rules with the versions they hold for,
 * after the kubelet's own start-up code.
 */
@NullMarked
package dev.retune.kubelet.start;

import org.jspecify.annotations.NullMarked;
