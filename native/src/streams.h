/* Letting go of the standard streams. */
#ifndef SLIPWAY_STREAMS_H
#define SLIPWAY_STREAMS_H

/* Makes 0, 1 and 2 lead to /dev/null: whoever waits for the end of what they led to does not wait for us. */
void release_standard_streams(void);

#endif
