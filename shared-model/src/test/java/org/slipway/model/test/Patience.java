package org.slipway.model.test;

/** How much longer than on an ordinary machine tests wait: an emulated processor is slow. */
public final class Patience {

    /** The factor for every time limit, from the property {@code slipway.patience}; 1 by default. */
    public static final double SCALE = Double.parseDouble(System.getProperty("slipway.patience", "1"));

    private Patience() {}
}
