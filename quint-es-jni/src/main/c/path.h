/* From what a process asked for to the file that it would get. */
#ifndef QUINT_PATH_H
#define QUINT_PATH_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>
#include <sys/types.h>

/* Whose names are resolved. */
struct viewer {
  pid_t tid;
  pid_t tgid;
  pid_t cwd;      /* by whom its working directory is known (lately.h) */
  bool same_view; /* root directory and mounts are ours */
};

struct name {
  char text[PATH_MAX]; /* terminated */
  size_t length;
};

struct located {
  int fd;             /* O_PATH handle of the file, or -1 */
  int error;          /* errno when fd is -1 */
  struct stat status; /* when fd is not -1 */
  struct name path;   /* absolute; when fd is not -1 */
  struct name asked;  /* by a look: the name made absolute as it stands; length 0 when it cannot be */
};

/*
 * Finds the file as the kernel would, links followed (the last one too unless nofollow). The caller
 * closes fd.
 */
void path_locate(const struct viewer *viewer, int dirfd, const char *name, bool nofollow, struct located *to);

/*
 * As path_locate for a file that is only to be looked at: fd may be -1 though error is 0, and asked
 * leads to it then. A name that led to the same file (device and inode) lately is taken to lead there
 * by the same path.
 */
void path_look(const struct viewer *viewer, int dirfd, const char *name, bool nofollow, struct located *to);

/* The directory that holds the last component of name, which is copied to last. */
void path_locate_parent(
    const struct viewer *viewer, int dirfd, const char *name, struct located *to, char last[NAME_MAX + 1]);

/* The same where it is only to be looked at, as by path_look. */
void path_look_parent(
    const struct viewer *viewer, int dirfd, const char *name, struct located *to, char last[NAME_MAX + 1]);

/*
 * Whether a walk failed for a reason that is ours and not the caller's: no descriptor or memory left,
 * or its directories are closed to us. Nothing is known of its call then.
 */
bool path_our_failure(int error);

/* What was asked for as an absolute path: "." and ".." removed by their text, links not followed. */
bool path_absolute(const struct viewer *viewer, int dirfd, const char *name, struct name *to);

/* The same for a name that is absolute. */
bool path_normal(const char *name, struct name *to);

/* Appends a component; false when it does not fit. */
bool path_append(struct name *to, const char *component);

#endif
