package dev.retune.agent.node;

/**
 * The node as the agent sees and touches it.
 *
 * @param services what runs the kubelet
 * @param probe eyes on its process, its health and the clocks
 * @param deadMansSwitch what undoes a change when the agent does not
 * @param local what the node's own files make of the kubelet
 * @param running what the kubelet says of itself
 */
public record Node(
    ServiceManager services,
    NodeProbe probe,
    DeadMansSwitch deadMansSwitch,
    LocalKubelet.Reader local,
    RunningConfig running) {}
