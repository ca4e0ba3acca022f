package org.slipway.helper.command;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.slipway.model.wire.Wire;
import tools.jackson.databind.node.ObjectNode;

/** The file named by {@code --log}: engines show its last line of level error (CLI-G-03). */
record Log(Client client, String path, boolean json, boolean warnings) {

    void error(String message) throws Client.FileTrouble, IOException {
        write("error", message);
    }

    /** Left out below level warning. */
    void warning(String message) throws Client.FileTrouble, IOException {
        if (warnings) {
            write("warning", message);
        }
    }

    void debug(String message) throws Client.FileTrouble, IOException {
        write("debug", message);
    }

    private void write(String level, String message) throws Client.FileTrouble, IOException {
        String time = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
        String line;
        if (json) {
            ObjectNode node = Wire.object();
            node.put("level", level);
            node.put("msg", message);
            node.put("time", time);
            line = node.toString();
        } else {
            line = "time=\"" + time + "\" level=" + level + " msg="
                    + Wire.object().stringNode(message);
        }
        client.append(path, (line + "\n").getBytes(StandardCharsets.UTF_8));
    }
}
