package org.slipway.workbench.tour;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.BooleanSupplier;
import javafx.application.Platform;
import javafx.scene.Node;
import javafx.scene.Scene;
import javafx.scene.control.ButtonBase;
import javafx.scene.control.Menu;
import javafx.scene.control.MenuBar;
import javafx.scene.control.MenuItem;
import javafx.scene.control.SplitMenuButton;
import javafx.scene.control.TextField;

/** Uses the window as a person would: fires what is enabled, types into what is shown, and waits for what it shows. */
final class Hand {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration GLANCE = Duration.ofMillis(50);

    private final Scene scene;

    Hand(Scene scene) {
        this.scene = scene;
    }

    /** Runs something on the window's thread and waits for it. */
    <T> T ask(Callable<T> work) throws TourFailure {
        FutureTask<T> task = new FutureTask<>(work);
        Platform.runLater(task);
        try {
            return task.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TourFailure failure) {
                throw failure;
            }
            throw new TourFailure(String.valueOf(e.getCause()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TourFailure("interrupted", e);
        }
    }

    /** Presses a button. */
    void press(String id) throws TourFailure {
        ask(() -> {
            Node node = find(id);
            refuseDisabled(node.isDisabled(), id);
            if (!(node instanceof ButtonBase button)) {
                throw new TourFailure("'" + id + "' is no button", null);
            }
            button.fire();
            return id;
        });
    }

    /** Chooses an item of the menu that belongs to a button. */
    void choose(String button, String item) throws TourFailure {
        ask(() -> {
            if (!(find(button) instanceof SplitMenuButton holder)) {
                throw new TourFailure("'" + button + "' has no menu", null);
            }
            refuseDisabled(holder.isDisabled(), button);
            MenuItem found = holder.getItems().stream()
                    .filter(each -> item.equals(each.getId()))
                    .findFirst()
                    .orElseThrow(() -> missing(item));
            found.fire();
            return item;
        });
    }

    /** Chooses an item of the menu bar. */
    void menu(String id) throws TourFailure {
        ask(() -> {
            MenuBar bar = (MenuBar) scene.getRoot().lookup(".menu-bar");
            MenuItem item = bar.getMenus().stream()
                    .map(menu -> item(menu, id))
                    .flatMap(Optional::stream)
                    .findFirst()
                    .orElseThrow(() -> missing(id));
            refuseDisabled(item.isDisable(), id);
            item.fire();
            return id;
        });
    }

    private static Optional<MenuItem> item(Menu menu, String id) {
        for (MenuItem item : menu.getItems()) {
            Optional<MenuItem> found = id.equals(item.getId())
                    ? Optional.of(item)
                    : item instanceof Menu inner ? item(inner, id) : Optional.empty();
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    /** Types into a field, in place of what stands there. */
    void type(String id, String text) throws TourFailure {
        ask(() -> {
            if (!(find(id) instanceof TextField field)) {
                throw new TourFailure("'" + id + "' is no text field", null);
            }
            refuseDisabled(field.isDisabled() || !field.isEditable(), id);
            field.requestFocus();
            field.selectAll();
            field.replaceSelection(text);
            return id;
        });
    }

    /** What stands in a field. */
    String read(String id) throws TourFailure {
        return ask(() -> find(id) instanceof TextField field ? field.getText() : "");
    }

    private Node find(String id) throws TourFailure {
        Node node = scene.getRoot().lookup("#" + id);
        if (node == null) {
            throw missing(id);
        }
        return node;
    }

    private static TourFailure missing(String id) {
        return new TourFailure("there is no '" + id + "' in the window", null);
    }

    private static void refuseDisabled(boolean disabled, String id) throws TourFailure {
        if (disabled) {
            throw new TourFailure("'" + id + "' is disabled", null);
        }
    }

    /** Waits until something is so; judged on the window's thread. */
    void await(String what, BooleanSupplier so) throws TourFailure {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!ask(so::getAsBoolean)) {
            if (System.nanoTime() > end) {
                throw new TourFailure("after " + PATIENCE.toSeconds() + " s still not: " + what, null);
            }
            pause();
        }
    }

    private static void pause() throws TourFailure {
        try {
            Thread.sleep(GLANCE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TourFailure("interrupted", e);
        }
    }

    /** Lets the window lay itself out and paint: two pulses. */
    void settle() throws TourFailure {
        for (int i = 0; i < 4; i++) {
            ask(() -> {
                scene.getRoot().applyCss();
                scene.getRoot().layout();
                return true;
            });
            pause();
        }
    }
}
