/** Who may do what: RBAC and the rules for nodes, as a function of the stored objects. */
@NullMarked
package dev.retune.sandbox.authorization;

import org.jspecify.annotations.NullMarked;
