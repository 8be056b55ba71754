/*
 * EndpointSecurity as the tests need it on Linux: it replays messages that were written down, one a line,
 * and watches how its client behaves. Messages go to the handler on the thread that replays, one at a
 * time; what a message's version does not have is filled with garbage; after the handler has returned, a
 * message that was not retained is freed.
 *
 *   TYPE key=value...       TYPE: exec fork exit open create write close rename unlink, or auth_exec
 *                           auth_open auth_create auth_rename auth_unlink auth_truncate auth_link
 *                           auth_clone auth_copyfile; values may hold %20 and the like
 *   v=11                    message version
 *   skip=N                  the kernel dropped N messages before this one
 *   time=SECONDS            of the message
 *   pid= pv= start= ppid= resp= euid= exe=        the process; start in microseconds
 *   tpid= tpv= tstart= texe= sid= tid= plat= adhoc= client=     child of a fork, target of an exec
 *   path= trunc=1 dir=1 ino=                      the file
 *   new= (existing file)  or  into= name=         where a rename, create, link, clone or copy leads
 *   fflag= modified=1 stat= args=a|b|c cwd=
 *   result=deny             NOTIFY of an act that was refused; result=flags:N
 *   deadline=MS             AUTH, from now; 1000 unless told
 */
#ifndef QUINT_TEST_STUB_H
#define QUINT_TEST_STUB_H

#include <stddef.h>

/* What es_new_client is to return; and what is to fail after that: 0 nothing, else a STUB_FAIL_. */
enum { STUB_FAIL_MUTE = 1, STUB_FAIL_SUBSCRIBE = 2, STUB_FAIL_DELETE = 4, STUB_FAIL_TASK_INFO = 8, STUB_FAIL_RESPOND = 16 };
void stub_prepare(int new_client_result, unsigned failures);

/* Replays the lines. Returns the number of the first line that cannot be read, or 0. */
int stub_replay(const char *lines);

/* Replays one line that many times. */
int stub_repeat(const char *line, int times);

/* What was seen since stub_prepare, as key=value words. */
void stub_report(char *to, size_t size);

#endif
