package dev.retune.agent.core;

import dev.retune.api.Composition;
import dev.retune.api.ConfigMapNodeConfigSource;
import dev.retune.api.OnInvalid;
import java.time.Duration;
import java.util.Optional;

/**
 * What the NodeKubelet's spec asks for.
 *
 * @param source the ConfigMap to use; empty: the local config
 * @param named whether a {@code configSource} is there at all; one that is there and names nothing
 *     is an error (API-1)
 * @param generation generation of the spec
 * @param retry a new value asks for another try of what failed (AGENT-14)
 */
public record Assignment(
    Optional<ConfigMapNodeConfigSource> source,
    boolean named,
    Composition composition,
    Duration trialDuration,
    OnInvalid onInvalid,
    long generation,
    String retry) {}
