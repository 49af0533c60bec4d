package io.vertask.app.workload;

/** A call whose result comes in parts, and which can go on in another process from where this one was. */
public interface PagedCall extends ItemCall {
    /** What {@link #goOnFrom} takes: where the next attempt begins, after the last good one. */
    String position();

    /** Makes the next attempt begin at what {@link #position} had said. Only before the first one. */
    void goOnFrom(String position);

    /** The item's result so far, without rows. */
    Answer sum();
}
