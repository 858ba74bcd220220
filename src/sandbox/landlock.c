/* SPDX-License-Identifier: Apache-2.0 */
#include "sandbox/landlock.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "sandbox/fault.h"

/* What the headers of an older system do not name yet. spec: Linux's landlock.h */
#define RIGHT_TRUNCATE         (UINT64_C(1) << 14)
#define RIGHT_IOCTL_DEV        (UINT64_C(1) << 15)
#define SCOPE_ABSTRACT_SOCKETS (UINT64_C(1) << 0)
#define SCOPE_SIGNALS          (UINT64_C(1) << 1)

struct attributes {
    uint64_t files, network, others;
};

#define RIGHTS_READ                                                                      \
    (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR |                        \
     LANDLOCK_ACCESS_FS_EXECUTE)

#define RIGHTS_WRITE                                                                     \
    (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR |                        \
     LANDLOCK_ACCESS_FS_WRITE_FILE | RIGHT_TRUNCATE | LANDLOCK_ACCESS_FS_REMOVE_DIR |    \
     LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_MAKE_DIR |                      \
     LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_MAKE_SOCK |                        \
     LANDLOCK_ACCESS_FS_MAKE_FIFO | LANDLOCK_ACCESS_FS_MAKE_SYM |                        \
     LANDLOCK_ACCESS_FS_REFER)

#define RIGHTS_NEVER (LANDLOCK_ACCESS_FS_MAKE_CHAR | LANDLOCK_ACCESS_FS_MAKE_BLOCK)

/* What makes sense for something that is no folder; the kernel refuses the rest there. */
#define RIGHTS_OF_FILES                                                                  \
    (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE |                      \
     LANDLOCK_ACCESS_FS_EXECUTE | RIGHT_TRUNCATE | RIGHT_IOCTL_DEV)

static const uint64_t rights[] = {
    [TROTH_SANDBOX_PLACE_READ] = RIGHTS_READ,
    [TROTH_SANDBOX_PLACE_WRITE] = RIGHTS_WRITE,
    [TROTH_SANDBOX_PLACE_SOCKET] = LANDLOCK_ACCESS_FS_READ_FILE |
                                   LANDLOCK_ACCESS_FS_WRITE_FILE,
};

static const struct {
    const char *path;
    uint64_t rights;
} own[] = {
    {"/tmp", RIGHTS_WRITE},
    {"/dev/shm", RIGHTS_WRITE},
    {"/dev", LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR |
                 LANDLOCK_ACCESS_FS_WRITE_FILE | RIGHT_TRUNCATE | RIGHT_IOCTL_DEV},
    {"/proc", LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR |
                  LANDLOCK_ACCESS_FS_WRITE_FILE | RIGHT_TRUNCATE},
    {"/", LANDLOCK_ACCESS_FS_READ_DIR},
};

int troth_sandbox_landlock_version(void)
{
    const long version = syscall(SYS_landlock_create_ruleset, NULL, 0,
                                 LANDLOCK_CREATE_RULESET_VERSION);

    return version > 0 ? (int)version : 0;
}

struct troth_sandbox_landlock_scope troth_sandbox_landlock_knows(int version)
{
    uint64_t files = RIGHTS_READ | RIGHTS_NEVER | RIGHT_IOCTL_DEV;

    files |= RIGHTS_WRITE;
    if (version < 5)
        files &= ~RIGHT_IOCTL_DEV;
    if (version < 3)
        files &= ~RIGHT_TRUNCATE;
    if (version < 2)
        files &= ~(uint64_t)LANDLOCK_ACCESS_FS_REFER;
    return (struct troth_sandbox_landlock_scope){
        .files = version < 1 ? 0 : files,
        .others = version < 6 ? 0 : SCOPE_ABSTRACT_SOCKETS | SCOPE_SIGNALS,
    };
}

static bool allow(int ruleset, const char *path, uint64_t wanted)
{
    struct landlock_path_beneath_attr rule = {.allowed_access = wanted};
    struct stat status;
    bool is_done = false;

    rule.parent_fd = open(path, O_PATH | O_CLOEXEC);
    if (rule.parent_fd < 0)
        return false;
    if (fstat(rule.parent_fd, &status) == 0) {
        if (!S_ISDIR(status.st_mode))
            rule.allowed_access &= RIGHTS_OF_FILES;
        is_done = syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH,
                          &rule, 0) == 0;
    }
    (void)close(rule.parent_fd);
    return is_done;
}

static bool allow_all(int ruleset, const struct troth_sandbox_places *places,
                      uint64_t known, struct troth_sandbox_fault *fault)
{
    for (size_t i = 0; i < sizeof own / sizeof own[0]; i++)
        if (!allow(ruleset, own[i].path, own[i].rights & known))
            return troth_sandbox_fail(fault, "landlock", own[i].path);
    for (size_t i = 0; i < places->count; i++)
        if (places->rows[i].tree >= 0 &&
            !allow(ruleset, places->rows[i].path, rights[places->rows[i].kind] & known))
            return troth_sandbox_fail(fault, "landlock", places->rows[i].path);
    return true;
}

bool troth_sandbox_landlock_restrict(const struct troth_sandbox_places *places,
                                     struct troth_sandbox_fault *fault)
{
    const int version = troth_sandbox_landlock_version();
    const struct troth_sandbox_landlock_scope known = troth_sandbox_landlock_knows(
        version);
    const struct attributes attributes = {.files = known.files,
                                          .others = places ? known.others : 0};
    /* Older versions know a shorter structure; what they do not know is zero here. */
    const int ruleset = (int)syscall(SYS_landlock_create_ruleset, &attributes,
                                     sizeof attributes, 0);
    bool is_done;

    if (version == 0 || ruleset < 0)
        return troth_sandbox_fail(fault, "landlock", "");
    is_done = !places || allow_all(ruleset, places, known.files, fault);
    if (is_done && syscall(SYS_landlock_restrict_self, ruleset, 0) != 0)
        is_done = troth_sandbox_fail(fault, "landlock", "");
    (void)close(ruleset);
    return is_done;
}
