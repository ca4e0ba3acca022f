package org.slipway.workbench.tour;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import javafx.scene.Scene;
import javafx.scene.image.PixelReader;
import javafx.scene.image.WritableImage;
import javax.imageio.ImageIO;

/**
 * A picture of the window, and what can be read in it.
 *
 * @param file its name in the tour's folder
 * @param about what it shows
 * @param stage where the container is in its life
 */
record Picture(String file, String about, String stage, List<Seen> controls) {

    Picture {
        controls = List.copyOf(controls);
    }

    /** The pixels of a scene; on the window's thread. */
    static BufferedImage take(Scene scene) {
        WritableImage snapshot = scene.snapshot(null);
        int width = (int) snapshot.getWidth();
        int height = (int) snapshot.getHeight();
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        PixelReader pixels = snapshot.getPixelReader();
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                image.setRGB(x, y, pixels.getArgb(x, y));
            }
        }
        return image;
    }

    static void write(BufferedImage image, Path file) throws IOException {
        if (!ImageIO.write(image, "png", file.toFile())) {
            throw new IOException("this Java writes no PNG");
        }
    }
}
