/* Our own few declarations of the C library, for the syntax check with a cross target. */
#pragma once
int fnmatch(const char *pattern, const char *text, int flags);
