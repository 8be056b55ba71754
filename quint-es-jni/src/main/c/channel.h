/* Passing the listener from the supervisor to the process that waits for it. */
#ifndef QUINT_CHANNEL_H
#define QUINT_CHANNEL_H

#include <stdbool.h>

/* Sends a descriptor with one byte. */
bool channel_send(int socket, int descriptor);

/* Receives it; -1 when the other side ended instead. */
int channel_receive(int socket);

#endif
