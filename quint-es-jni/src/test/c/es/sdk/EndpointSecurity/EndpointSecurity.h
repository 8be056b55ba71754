/*
 * Our own declarations of what the bridge uses of the public API, for building where there is no SDK:
 * the stub of the tests on Linux, and the syntax check with a cross target. The real header comes with
 * Xcode. Layout asserts stand in the bridge and are checked against whichever of the two is included.
 */
#ifndef QUINT_TEST_ENDPOINT_SECURITY_H
#define QUINT_TEST_ENDPOINT_SECURITY_H

#include <bsm/libbsm.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <time.h>

typedef struct es_client_s es_client_t;

typedef enum {
  ES_EVENT_TYPE_AUTH_EXEC = 0,
  ES_EVENT_TYPE_AUTH_OPEN = 1,
  ES_EVENT_TYPE_AUTH_RENAME = 6,
  ES_EVENT_TYPE_AUTH_UNLINK = 8,
  ES_EVENT_TYPE_NOTIFY_EXEC = 9,
  ES_EVENT_TYPE_NOTIFY_OPEN = 10,
  ES_EVENT_TYPE_NOTIFY_FORK = 11,
  ES_EVENT_TYPE_NOTIFY_CLOSE = 12,
  ES_EVENT_TYPE_NOTIFY_CREATE = 13,
  ES_EVENT_TYPE_NOTIFY_EXIT = 15,
  ES_EVENT_TYPE_NOTIFY_RENAME = 25,
  ES_EVENT_TYPE_NOTIFY_UNLINK = 32,
  ES_EVENT_TYPE_NOTIFY_WRITE = 33,
  ES_EVENT_TYPE_AUTH_TRUNCATE = 40,
  ES_EVENT_TYPE_AUTH_LINK = 42,
  ES_EVENT_TYPE_AUTH_CREATE = 44,
  ES_EVENT_TYPE_AUTH_CLONE = 60,
  ES_EVENT_TYPE_AUTH_COPYFILE = 109
} es_event_type_t;

typedef enum { ES_ACTION_TYPE_AUTH = 0, ES_ACTION_TYPE_NOTIFY = 1 } es_action_type_t;
typedef enum { ES_AUTH_RESULT_ALLOW = 0, ES_AUTH_RESULT_DENY = 1 } es_auth_result_t;
typedef enum { ES_RESULT_TYPE_AUTH = 0, ES_RESULT_TYPE_FLAGS = 1 } es_result_type_t;
typedef enum { ES_RETURN_SUCCESS = 0, ES_RETURN_ERROR = 1 } es_return_t;
typedef enum { ES_DESTINATION_TYPE_EXISTING_FILE = 0, ES_DESTINATION_TYPE_NEW_PATH = 1 } es_destination_type_t;

typedef enum {
  ES_RESPOND_RESULT_SUCCESS = 0,
  ES_RESPOND_RESULT_ERR_INVALID_ARGUMENT = 1,
  ES_RESPOND_RESULT_ERR_INTERNAL = 2,
  ES_RESPOND_RESULT_NOT_FOUND = 3,
  ES_RESPOND_RESULT_ERR_DUPLICATE_RESPONSE = 4,
  ES_RESPOND_RESULT_ERR_EVENT_TYPE = 5
} es_respond_result_t;

typedef enum {
  ES_NEW_CLIENT_RESULT_SUCCESS = 0,
  ES_NEW_CLIENT_RESULT_ERR_INVALID_ARGUMENT = 1,
  ES_NEW_CLIENT_RESULT_ERR_INTERNAL = 2,
  ES_NEW_CLIENT_RESULT_ERR_NOT_ENTITLED = 3,
  ES_NEW_CLIENT_RESULT_ERR_NOT_PERMITTED = 4,
  ES_NEW_CLIENT_RESULT_ERR_NOT_PRIVILEGED = 5,
  ES_NEW_CLIENT_RESULT_ERR_TOO_MANY_CLIENTS = 6
} es_new_client_result_t;

typedef enum {
  ES_CLEAR_CACHE_RESULT_SUCCESS = 0,
  ES_CLEAR_CACHE_RESULT_ERR_INTERNAL = 1,
  ES_CLEAR_CACHE_RESULT_ERR_THROTTLE = 2
} es_clear_cache_result_t;

typedef struct {
  size_t length;
  const char *data;
} es_string_token_t;

typedef struct {
  es_string_token_t path;
  bool path_truncated;
  struct stat stat;
} es_file_t;

typedef struct {
  audit_token_t audit_token;
  pid_t ppid;
  pid_t original_ppid;
  pid_t group_id;
  pid_t session_id;
  uint32_t codesigning_flags;
  bool is_platform_binary;
  bool is_es_client;
  uint8_t cdhash[20];
  es_string_token_t signing_id;
  es_string_token_t team_id;
  es_file_t *executable;
  es_file_t *tty;                       /* message version 2 */
  struct timeval start_time;            /* 3 */
  audit_token_t responsible_audit_token; /* 4 */
  audit_token_t parent_audit_token;     /* 4 */
} es_process_t;

typedef struct {
  es_process_t *target;
  es_string_token_t dyld_exec_path; /* 7 */
  union {
    uint8_t reserved[64];
    struct {
      es_file_t *script; /* 2 */
      es_file_t *cwd;    /* 3 */
      int last_fd;       /* 4 */
    };
  };
} es_event_exec_t;

typedef struct {
  es_process_t *child;
} es_event_fork_t;

typedef struct {
  int stat;
} es_event_exit_t;

typedef struct {
  int32_t fflag;
  es_file_t *file;
} es_event_open_t;

typedef struct {
  bool modified;
  es_file_t *target;
} es_event_close_t;

typedef struct {
  es_destination_type_t destination_type;
  union {
    es_file_t *existing_file;
    struct {
      es_file_t *dir;
      es_string_token_t filename;
      mode_t mode;
    } new_path;
  } destination;
} es_event_create_t;

typedef struct {
  es_file_t *source;
  es_destination_type_t destination_type;
  union {
    es_file_t *existing_file;
    struct {
      es_file_t *dir;
      es_string_token_t filename;
    } new_path;
  } destination;
} es_event_rename_t;

typedef struct {
  es_file_t *target;
  es_file_t *parent_dir;
} es_event_unlink_t;

typedef struct {
  es_file_t *target;
} es_event_write_t;

typedef struct {
  es_file_t *target;
} es_event_truncate_t;

typedef struct {
  es_file_t *source;
  es_file_t *target_dir;
  es_string_token_t target_filename;
} es_event_link_t;

typedef struct {
  es_file_t *source;
  es_file_t *target_dir;
  es_string_token_t target_name;
} es_event_clone_t;

typedef struct {
  es_file_t *source;
  es_file_t *target_file; /* may be NULL */
  es_file_t *target_dir;
  es_string_token_t target_name;
  mode_t mode;
  int32_t flags;
} es_event_copyfile_t;

typedef union {
  es_event_exec_t exec;
  es_event_fork_t fork;
  es_event_exit_t exit;
  es_event_open_t open;
  es_event_close_t close;
  es_event_create_t create;
  es_event_rename_t rename;
  es_event_unlink_t unlink;
  es_event_write_t write;
  es_event_truncate_t truncate;
  es_event_link_t link;
  es_event_clone_t clone;
  es_event_copyfile_t copyfile;
} es_events_t;

typedef struct {
  es_result_type_t result_type;
  union {
    es_auth_result_t auth;
    uint32_t flags;
    uint8_t reserved[32];
  } result;
} es_result_t;

typedef struct {
  uint8_t reserved[32];
} es_event_id_t;

typedef struct {
  uint64_t thread_id;
} es_thread_t;

typedef struct {
  uint32_t version;
  struct timespec time;
  uint64_t mach_time;
  uint64_t deadline;
  es_process_t *process;
  uint64_t seq_num; /* message version 2 */
  es_action_type_t action_type;
  union {
    es_event_id_t auth;
    es_result_t notify;
  } action;
  es_event_type_t event_type;
  es_events_t event;
  es_thread_t *thread;     /* 4 */
  uint64_t global_seq_num; /* 4 */
} es_message_t;

#ifdef __BLOCKS__
typedef void (^es_handler_block_t)(es_client_t *, const es_message_t *);
#else
/* A compiler without blocks: what a block is to the one who calls it. */
struct es_handler_block;
typedef struct es_handler_block *es_handler_block_t;
struct es_handler_block {
  void *isa;
  int flags;
  int reserved;
  void (*invoke)(es_handler_block_t, es_client_t *, const es_message_t *);
  const void *descriptor;
};
#endif

es_new_client_result_t es_new_client(es_client_t **client, es_handler_block_t handler);
es_return_t es_delete_client(es_client_t *client);
es_return_t es_subscribe(es_client_t *client, const es_event_type_t *events, uint32_t count);
es_respond_result_t es_respond_auth_result(es_client_t *client, const es_message_t *message, es_auth_result_t result,
                                           bool cache);
es_respond_result_t es_respond_flags_result(es_client_t *client, const es_message_t *message,
                                            uint32_t authorized_flags, bool cache);
es_return_t es_mute_process(es_client_t *client, const audit_token_t *token);
es_return_t es_mute_process_events(es_client_t *client, const audit_token_t *token, const es_event_type_t *events,
                                   size_t count);
es_return_t es_unmute_process_events(es_client_t *client, const audit_token_t *token, const es_event_type_t *events,
                                     size_t count);
es_clear_cache_result_t es_clear_cache(es_client_t *client);
void es_retain_message(const es_message_t *message);
void es_release_message(const es_message_t *message);
uint32_t es_exec_arg_count(const es_event_exec_t *event);
es_string_token_t es_exec_arg(const es_event_exec_t *event, uint32_t index);

#endif
