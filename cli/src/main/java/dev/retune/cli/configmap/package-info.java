/** ConfigMaps as kubectl makes them from files, with the same names. */
@NullMarked
package dev.retune.cli.configmap;

import org.jspecify.annotations.NullMarked;
