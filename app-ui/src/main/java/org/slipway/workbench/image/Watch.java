package org.slipway.workbench.image;

/** Who looks on while something long is done, and may break it off. */
public interface Watch {

    /** Nobody looks on. */
    Watch NOBODY = new Watch() {
        @Override
        public boolean cancelled() {
            return false;
        }

        @Override
        public void bytes(long written, long all) {}
    };

    /** Whether to stop; asked from the thread that works. */
    boolean cancelled();

    /**
     * How far it is; called from the thread that works.
     *
     * @param all of the files that will be written
     */
    void bytes(long written, long all);
}
