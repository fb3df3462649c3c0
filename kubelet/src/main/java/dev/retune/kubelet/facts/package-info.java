/**
 * What is known of each Kubernetes minor version, read from resources when it is first asked for.
 */
@NullMarked
package dev.retune.kubelet.facts;

import org.jspecify.annotations.NullMarked;
