/** How answers look on a terminal: tables, ages, colours, progress. */
@NullMarked
package dev.retune.cli.text;

import org.jspecify.annotations.NullMarked;
