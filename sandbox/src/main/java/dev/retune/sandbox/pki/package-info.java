/** Certificates: the cluster's own authority and the identities it vouches for. */
@NullMarked
package dev.retune.sandbox.pki;

import org.jspecify.annotations.NullMarked;
