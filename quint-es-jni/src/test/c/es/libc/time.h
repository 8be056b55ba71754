/* Our own few declarations of the C library, for the syntax check with a cross target. */
#pragma once
struct timespec { long tv_sec; long tv_nsec; };
