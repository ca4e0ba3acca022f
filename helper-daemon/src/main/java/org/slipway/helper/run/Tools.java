package org.slipway.helper.run;

import org.slipway.helper.hook.RuntimeHooks;
import org.slipway.helper.reactor.Reactor;

/** What every plan is run with; one for the life of the helper. */
public record Tools(Image image, Reactor reactor, RuntimeHooks hooks, Permits permits) {}
