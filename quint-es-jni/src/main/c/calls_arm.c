/* 32-bit ARM (EABI) programs on an aarch64 kernel. Its headers are not installed beside ours. */
#include "calls.h"

#if defined(__aarch64__)
const struct call_entry calls_arm[] = {
    {1, CALL_EXIT},           {5, CALL_OPEN},          {8, CALL_CREAT},
    {9, CALL_LINK},           {10, CALL_UNLINK},       {11, CALL_EXECVE},
    {12, CALL_CWD},           {14, CALL_MKNOD},        {15, CALL_RIGHTS},
    {16, CALL_RIGHTS},        {21, CALL_VIEW},         {38, CALL_RENAME},
    {40, CALL_RMDIR},         {52, CALL_VIEW},         {61, CALL_VIEW},
    {83, CALL_SYMLINK},       {92, CALL_TRUNCATE},     {94, CALL_RIGHTS},
    {95, CALL_RIGHTS},        {133, CALL_CWD},         {182, CALL_RIGHTS},
    {193, CALL_TRUNCATE},     {198, CALL_RIGHTS},      {207, CALL_RIGHTS},
    {212, CALL_RIGHTS},       {218, CALL_VIEW},        {248, CALL_EXIT_GROUP},
    {283, CALL_CONNECT},      {290, CALL_SENDTO},      {296, CALL_SENDMSG},
    {322, CALL_OPENAT},       {324, CALL_MKNODAT},     {328, CALL_UNLINKAT},
    {329, CALL_RENAMEAT},     {330, CALL_LINKAT},      {331, CALL_SYMLINKAT},
    {337, CALL_VIEW},         {374, CALL_SENDMMSG},    {375, CALL_VIEW},
    {382, CALL_RENAMEAT2},    {387, CALL_EXECVEAT},    {425, CALL_REFUSE},
    {325, CALL_RIGHTS},       {333, CALL_RIGHTS},      {437, CALL_OPENAT2},
    {452, CALL_RIGHTS},
    {23, CALL_USER},          {46, CALL_USER},         {70, CALL_USER},
    {71, CALL_USER},          {81, CALL_USER},         {138, CALL_USER},
    {139, CALL_USER},         {164, CALL_USER},        {170, CALL_USER},
    {203, CALL_USER},         {204, CALL_USER},        {206, CALL_USER},
    {208, CALL_USER},         {210, CALL_USER},        {213, CALL_USER},
    {214, CALL_USER},         {215, CALL_USER},        {216, CALL_USER},
};
const size_t calls_arm_count = sizeof calls_arm / sizeof calls_arm[0];
#endif
