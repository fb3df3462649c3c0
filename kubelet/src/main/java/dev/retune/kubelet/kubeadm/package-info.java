/** What kubeadm does to a cluster's kubelet configuration before it becomes a node's file. */
@NullMarked
package dev.retune.kubelet.kubeadm;

import org.jspecify.annotations.NullMarked;
