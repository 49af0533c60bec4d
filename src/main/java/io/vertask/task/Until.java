package io.vertask.task;

/** What {@link Tasks#waitUntil} waits for. asyncio's {@code return_when}. */
public enum Until {
    /** All are over. */
    ALL_COMPLETED,
    /** At least one is over, however it ended. */
    FIRST_COMPLETED,
    /** One has failed, or all are over; a cancelled one has not failed. asyncio's {@code FIRST_EXCEPTION}. */
    FIRST_FAILED
}
