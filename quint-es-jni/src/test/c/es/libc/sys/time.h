/* Our own few declarations of the C library, for the syntax check with a cross target. */
#pragma once
struct timeval { long tv_sec; int tv_usec; };
