/**
 * What a Java type cannot say about its place in a CustomResourceDefinition. The generator beside
 * the module's tests reads these and writes {@code deploy/crds}.
 */
@NullMarked
package dev.retune.api.schema;

import org.jspecify.annotations.NullMarked;
