/**
 * What a kubelet makes of a configuration document, for every Kubernetes minor from 1.25 on: pure
 * functions over documents, without I/O.
 *
 * <p>Knowledge is data: fields, types, defaults, feature gates and hazards are resources of {@code
 * dev.retune.kubelet.facts}, one per minor; what validation refuses is a table of rules in {@code
 * dev.retune.kubelet.rules} with the versions each rule holds for.
 */
@NullMarked
package dev.retune.kubelet;

import org.jspecify.annotations.NullMarked;
