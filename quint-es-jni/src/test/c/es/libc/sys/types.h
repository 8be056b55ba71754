/* Our own few declarations of the C library, for the syntax check with a cross target. */
#pragma once
typedef int pid_t;
typedef unsigned uid_t;
typedef unsigned gid_t;
typedef unsigned short mode_t;
typedef unsigned short nlink_t;
typedef int dev_t;
typedef unsigned long long ino_t;
typedef long long off_t;
