/* Our own declarations of what the bridge uses of the public API, for building where there is no SDK. */
#ifndef QUINT_TEST_MACH_H
#define QUINT_TEST_MACH_H

#include <stdint.h>

typedef int kern_return_t;
typedef unsigned int mach_port_t;
typedef unsigned int mach_msg_type_number_t;
typedef unsigned int task_flavor_t;
typedef int *task_info_t;

#define KERN_SUCCESS 0
#define TASK_AUDIT_TOKEN 15
#define TASK_AUDIT_TOKEN_COUNT 8

mach_port_t mach_task_self(void);
kern_return_t task_info(mach_port_t task, task_flavor_t flavor, task_info_t out, mach_msg_type_number_t *count);

#endif
