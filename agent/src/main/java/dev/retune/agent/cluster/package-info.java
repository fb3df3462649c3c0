/** The cluster: watches, status and Events through the API server. */
@NullMarked
package dev.retune.agent.cluster;

import org.jspecify.annotations.NullMarked;
