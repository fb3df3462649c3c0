package dev.retune.sandbox.node;

import java.util.OptionalLong;

/**
 * A supervised unit at one moment, in the words of {@code systemctl show}.
 *
 * @param activeState {@code inactive}, {@code activating} (waiting for the next start), {@code
 *     active}, {@code deactivating}
 * @param subState {@code dead}, {@code auto-restart}, {@code running}, {@code stop-sigterm}
 * @param result how the last process ended: {@code success}, {@code exit-code} or {@code signal}
 * @param execMainStatus exit code or signal of the last process that ended; 203 when the command
 *     could not be started
 * @param restarts NRestarts: automatic starts since somebody last started the unit
 * @param mainPid process id; empty when none runs
 * @param invocationId of the present or last start, 32 hexadecimal digits; empty before the first
 */
public record UnitState(
    String activeState,
    String subState,
    String result,
    int execMainStatus,
    long restarts,
    OptionalLong mainPid,
    String invocationId) {}
