package org.slipway.helper.varlink;

import java.io.IOException;
import java.util.Optional;
import org.slipway.helper.door.Ask;
import org.slipway.helper.lifecycle.Failure;
import org.slipway.model.wire.Answer;
import org.slipway.model.wire.Call;
import org.slipway.model.wire.Reply;

/**
 * One row of a dispatch table.
 *
 * @param ask what the tier is judged by
 * @param parameters the record of the method's parameters
 */
record Method<C extends Call<R>, R extends Reply>(Ask ask, Class<C> parameters, Body<C, R> body) {

    /** Answers a call: with a value, or by a stream that sends for itself. */
    interface Body<C, R> {
        Result<R> answer(C call, boolean more) throws Failure, InvalidCall, IOException, InterruptedException;
    }

    /**
     * What a call came to.
     *
     * @param value the one answer, if it is one
     * @param stream what sends the answers, else
     */
    record Result<R>(Optional<R> value, Optional<Stream> stream) {
        static <R> Result<R> of(R value) {
            return new Result<>(Optional.of(value), Optional.empty());
        }

        static <R> Result<R> of(Stream stream) {
            return new Result<>(Optional.empty(), Optional.of(stream));
        }
    }

    /** Answers that come while the connection listens for its end. */
    interface Stream {
        /** Waits until the last answer was sent. */
        void join() throws InterruptedException;

        /** Ends it at once; nothing is sent afterwards. */
        void close();
    }

    /** A call that is well formed and still cannot be meant; it is answered by an error of {@code org.varlink.service}. */
    static final class InvalidCall extends Exception {

        private final transient Answer answer;

        private InvalidCall(Answer answer) {
            this.answer = answer;
        }

        InvalidCall(String name) {
            this(VarlinkService.invalidParameter(name));
        }

        /** The method makes sense only with {@code more}. */
        static InvalidCall expectedMore() {
            return new InvalidCall(VarlinkService.expectedMore());
        }

        Answer answer() {
            return answer;
        }
    }
}
