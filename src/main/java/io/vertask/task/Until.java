package io.vertask.task;

/** The condition that {@link Tasks#waitUntil} waits for. asyncio's {@code return_when}. */
public enum Until {
    /** All tasks are over. */
    ALL_COMPLETED,
    /** At least one task is over, however it ended. */
    FIRST_COMPLETED,
    /** One task has failed, or all are over; a cancelled one has not failed. asyncio's {@code FIRST_EXCEPTION}. */
    FIRST_FAILED
}
