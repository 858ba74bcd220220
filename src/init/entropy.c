/* SPDX-License-Identifier: Apache-2.0 */
#include "init/entropy.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/random.h>
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/random.h>
#include <unistd.h>

#include "base/wipe.h"
#include "init/nsm_random.h"
#include "init/places.h"
#include "init/say.h"

#define NSM    TROTH_INIT_ROOT "/dev/nsm"
#define RANDOM TROTH_INIT_ROOT "/dev/random"

enum {
    WANTED = 256,        /* bytes: as much as the kernel's own pool holds */
    ANSWER_MAX = 0x3000, /* [NSM] */
    BITS = 8
};

/* [LINUX] include/uapi/linux/nsm.h */
struct raw_call {
    uint64_t request, request_len, answer, answer_len;
};
static_assert(sizeof(struct raw_call) == 32, "the driver's own layout");
#define NSM_IOCTL_RAW _IOWR(0x0a, 0, struct raw_call)

/* [LINUX] struct rand_pool_info, with room. */
struct pool {
    int bits, size;
    uint8_t bytes[WANTED];
};

/* How many bytes came, at most as many as are wanted; 0 on failure. */
static size_t ask(int device, uint8_t *out, size_t wanted, struct troth_init_fault *fault)
{
    const struct troth_span request = troth_init_nsm_random_request();
    uint8_t answer[ANSWER_MAX];
    struct raw_call call = {(uintptr_t)request.ptr, request.len, (uintptr_t)answer,
                            sizeof answer};
    struct troth_span bytes = {NULL, 0};
    size_t len = 0;

    if (ioctl(device, NSM_IOCTL_RAW, &call) != 0)
        (void)troth_init_fail_errno(fault, NSM, errno);
    else if (call.answer_len > sizeof answer)
        (void)troth_init_fail(fault, NSM ": the answer is too long");
    else if (troth_init_nsm_random_parse(&bytes, fault,
                                         (struct troth_span){answer, call.answer_len}))
        len = bytes.len < wanted ? bytes.len : wanted;
    if (len > 0)
        memcpy(out, bytes.ptr, len);
    troth_wipe(answer, sizeof answer);
    return len;
}

static bool credit(const struct pool *pool, struct troth_init_fault *fault)
{
    const int file = open(RANDOM, O_WRONLY | O_CLOEXEC);
    int error = 0;

    if (file < 0)
        return troth_init_fail_errno(fault, RANDOM, errno);
    if (ioctl(file, RNDADDENTROPY, pool) != 0)
        error = errno;
    (void)close(file);
    return !error || troth_init_fail_errno(fault, RANDOM, error);
}

static bool move(int device, struct troth_init_fault *fault)
{
    struct pool pool = {.bits = WANTED * BITS, .size = WANTED};
    bool is_done = true;

    for (size_t have = 0; is_done && have < WANTED;) {
        const size_t part = ask(device, pool.bytes + have, WANTED - have, fault);

        is_done = part > 0;
        have += part;
    }
    is_done = is_done && credit(&pool, fault);
    troth_wipe(&pool, sizeof pool);
    return is_done;
}

static void say_own(void)
{
    uint8_t some[32];
    const bool is_ready = getrandom(some, sizeof some, GRND_NONBLOCK) ==
                          (ssize_t)sizeof some;

    troth_wipe(some, sizeof some);
    troth_init_say("entropy: no /dev/nsm; the kernel's own %s",
                   is_ready ? "is enough" : "is not enough yet: who asks has to wait");
}

bool troth_init_entropy(struct troth_init_fault *fault)
{
    const int device = open(NSM, O_RDWR | O_CLOEXEC);
    bool is_done;

    if (device < 0 && errno == ENOENT) {
        say_own();
        return true;
    }
    if (device < 0)
        return troth_init_fail_errno(fault, NSM, errno);
    is_done = move(device, fault);
    (void)close(device);
    if (is_done)
        troth_init_say("entropy: %d bits of /dev/nsm", WANTED * BITS);
    return is_done;
}
