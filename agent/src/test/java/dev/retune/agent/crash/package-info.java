/**
 * Ends the agent, or the machine, at any point of any changes, and looks at what becomes of the
 * node. What is real: the core, its files, those of the way back. What is simulated: time, the disk
 * with what it loses, systemd, the kubelet, the API server.
 */
@NullMarked
package dev.retune.agent.crash;

import org.jspecify.annotations.NullMarked;
