/* SPDX-License-Identifier: Apache-2.0 */
#include "init/settings.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include "init/places.h"

#define PROC    TROTH_INIT_ROOT "/proc/"
#define CMDLINE PROC "cmdline"

enum { CMDLINE_ROOM = 8192 }; /* no kernel takes more than 4096 */

static const struct {
    const char *path, *value;
} doors[] = {
    {PROC "sys/kernel/modules_disabled", "1"},
    {PROC "sys/kernel/kexec_load_disabled", "1"},
    {PROC "sys/kernel/modprobe", "\n"}, /* whom the kernel starts to find one */
    {PROC "sys/kernel/sysrq", "0"},
};

bool troth_init_read_cmdline(struct troth_init_heartbeat *out,
                             struct troth_init_fault *fault)
{
    const int file = open(CMDLINE, O_RDONLY | O_CLOEXEC);
    uint8_t text[CMDLINE_ROOM];
    ssize_t len;
    int error;

    *out = (struct troth_init_heartbeat){.is_off = false};
    if (file < 0)
        return troth_init_fail_errno(fault, CMDLINE, errno);
    len = read(file, text, sizeof text);
    error = errno;
    (void)close(file);
    if (len < 0)
        return troth_init_fail_errno(fault, CMDLINE, error);
    return troth_init_cmdline_parse(out, fault, (struct troth_span){text, (size_t)len});
}

static bool shut(const char *path, const char *value)
{
    const int file = open(path, O_WRONLY | O_CLOEXEC);
    bool is_shut;
    int error;

    if (file < 0)
        return errno == ENOENT; /* a kernel without that door */
    is_shut = write(file, value, strlen(value)) == (ssize_t)strlen(value);
    error = errno;
    (void)close(file);
    errno = error;
    return is_shut;
}

bool troth_init_shut_doors(struct troth_init_fault *fault)
{
    for (size_t i = 0; i < sizeof doors / sizeof *doors; i++)
        if (!shut(doors[i].path, doors[i].value))
            return troth_init_fail_errno(fault, doors[i].path, errno);
    return true;
}
