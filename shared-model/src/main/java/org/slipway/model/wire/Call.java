package org.slipway.model.wire;

import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/**
 * A method of the interface with its parameters.
 *
 * @param <R> what it answers, one of {@link Reply}
 */
public sealed interface Call<R extends Reply> {

    /** The record of the answer. */
    Class<R> reply();

    /** The full name of the method. */
    default String method() {
        return Wire.INTERFACE + "." + getClass().getSimpleName();
    }

    /** Asks for version, tier and facts. */
    record Info() implements Call<Reply.Info> {
        @Override
        public Class<Reply.Info> reply() {
            return Reply.Info.class;
        }
    }

    /** Makes a container; {@code streams} is none, log or terminal. */
    record Create(String id, String bundle, String config, Optional<String> streams) implements Call<Reply.Create> {
        @Override
        public Class<Reply.Create> reply() {
            return Reply.Create.class;
        }
    }

    /** Runs the program of a created container. */
    record Start(Name name) implements Call<Reply.Start> {
        @Override
        public Class<Reply.Start> reply() {
            return Reply.Start.class;
        }
    }

    /** Sends a signal: to the container, or to what was executed in it under that id. So it is with {@code exec} everywhere. */
    record Kill(Name name, String signal, Optional<Boolean> all, Optional<String> exec) implements Call<Reply.Kill> {
        @Override
        public Class<Reply.Kill> reply() {
            return Reply.Kill.class;
        }
    }

    /** Removes a stopped container, or with force any. */
    record Delete(Name name, Optional<Boolean> force) implements Call<Reply.Delete> {
        @Override
        public Class<Reply.Delete> reply() {
            return Reply.Delete.class;
        }
    }

    /** Breaks off a create or start that is going on. */
    record Abort(Name name) implements Call<Reply.Abort> {
        @Override
        public Class<Reply.Abort> reply() {
            return Reply.Abort.class;
        }
    }

    /** Freezes every process. */
    record Pause(Name name) implements Call<Reply.Pause> {
        @Override
        public Class<Reply.Pause> reply() {
            return Reply.Pause.class;
        }
    }

    /** Lets them go on. */
    record Resume(Name name) implements Call<Reply.Resume> {
        @Override
        public Class<Reply.Resume> reply() {
            return Reply.Resume.class;
        }
    }

    /** Changes a container that lives: {@code resources} and {@code changes} are JSON texts. */
    record Update(Name name, Optional<String> resources, Optional<String> changes, Optional<Boolean> explain)
            implements Call<Reply.Update> {
        @Override
        public Class<Reply.Update> reply() {
            return Reply.Update.class;
        }
    }

    /** Asks for a container's configuration. */
    record Configuration(Name name) implements Call<Reply.Configuration> {
        @Override
        public Class<Reply.Configuration> reply() {
            return Reply.Configuration.class;
        }
    }

    /** Asks what can change on a live container of this machine. */
    record Changeable() implements Call<Reply.Changeable> {
        @Override
        public Class<Reply.Changeable> reply() {
            return Reply.Changeable.class;
        }
    }

    /** Asks what a container uses; with more again and again, every so many milliseconds. */
    record Statistics(Name name, Optional<Long> interval) implements Call<Reply.Statistics> {
        @Override
        public Class<Reply.Statistics> reply() {
            return Reply.Statistics.class;
        }
    }

    /** Asks the program to end, and kills it after so many seconds. */
    record Stop(Name name, Optional<String> signal, Optional<Long> seconds, Optional<Boolean> delete)
            implements Call<Reply.Stop> {
        @Override
        public Class<Reply.Stop> reply() {
            return Reply.Stop.class;
        }
    }

    /** Asks for one container. */
    record State(Name name) implements Call<Reply.State> {
        @Override
        public Class<Reply.State> reply() {
            return Reply.State.class;
        }
    }

    /** Asks for all containers the caller may see. */
    record List() implements Call<Reply.List> {
        @Override
        public Class<Reply.List> reply() {
            return Reply.List.class;
        }
    }

    /** Asks for the plans and what became of their steps. */
    record Trace(Name name, Optional<String> exec) implements Call<Reply.Trace> {
        @Override
        public Class<Reply.Trace> reply() {
            return Reply.Trace.class;
        }
    }

    /** Asks for the output of hooks. */
    record Hooks(Name name) implements Call<Reply.Hooks> {
        @Override
        public Class<Reply.Hooks> reply() {
            return Reply.Hooks.class;
        }
    }

    /** Asks for the container's output. */
    record Logs(Name name, Optional<Boolean> follow, Optional<String> exec) implements Call<Reply.Logs> {
        @Override
        public Class<Reply.Logs> reply() {
            return Reply.Logs.class;
        }
    }

    /** Asks to be told of everything that happens. */
    record Watch(Optional<Long> owner) implements Call<Reply.Watch> {
        @Override
        public Class<Reply.Watch> reply() {
            return Reply.Watch.class;
        }
    }

    /** Input for a container's program; {@code data} is Base64. */
    record Input(Name name, String data, Optional<Boolean> end, Optional<String> exec) implements Call<Reply.Input> {
        @Override
        public Class<Reply.Input> reply() {
            return Reply.Input.class;
        }
    }

    /** The new size of a container's terminal, in characters. */
    record Resize(Name name, int rows, int columns, Optional<String> exec) implements Call<Reply.Resize> {
        @Override
        public Class<Reply.Resize> reply() {
            return Reply.Resize.class;
        }
    }

    /** Executes a program in a container: members of {@code process} over the container's; {@code streams} is none, log or terminal. */
    record Exec(Name name, ObjectNode process, Optional<String> id, Optional<String> streams)
            implements Call<Reply.Exec> {
        @Override
        public Class<Reply.Exec> reply() {
            return Reply.Exec.class;
        }
    }

    /** Asks what was executed in a container beside its first process, and is not removed. */
    record Processes(Name name) implements Call<Reply.Processes> {
        @Override
        public Class<Reply.Processes> reply() {
            return Reply.Processes.class;
        }
    }

    /** Waits until an executed process has ended. */
    record WaitProcess(Name name, String exec) implements Call<Reply.WaitProcess> {
        @Override
        public Class<Reply.WaitProcess> reply() {
            return Reply.WaitProcess.class;
        }
    }

    /** Removes an executed process that has ended. */
    record DeleteProcess(Name name, String exec) implements Call<Reply.DeleteProcess> {
        @Override
        public Class<Reply.DeleteProcess> reply() {
            return Reply.DeleteProcess.class;
        }
    }

    /** Asks for all processes of a container. */
    record Pids(Name name) implements Call<Reply.Pids> {
        @Override
        public Class<Reply.Pids> reply() {
            return Reply.Pids.class;
        }
    }

    /** Turns the connection into frames of the command line. */
    record Command() implements Call<Reply.Command> {
        @Override
        public Class<Reply.Command> reply() {
            return Reply.Command.class;
        }
    }

    /** Ends the helper. */
    record Shutdown(Optional<Boolean> force) implements Call<Reply.Shutdown> {
        @Override
        public Class<Reply.Shutdown> reply() {
            return Reply.Shutdown.class;
        }
    }
}
