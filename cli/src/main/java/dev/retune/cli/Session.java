package dev.retune.cli;

/**
 * One run of the executable.
 *
 * @param console the world around it
 * @param outer the cluster options given before the subcommand; filled in while parsing
 */
record Session(Console console, ClusterOptions outer) {}
