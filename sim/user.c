/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/user.h"

#include "sim/bytes.h"

static void *pointer_to(uint64_t address)
{
    return (void *)(uintptr_t)address; // NOLINT(performance-no-int-to-ptr)
}

static void note(struct iovec *pieces, size_t *count, uint64_t address, size_t len)
{
    if (*count == SIM_USER_PIECES || len > SIM_USER_ROOM)
        sim_die("a device wants too much of its caller");
    pieces[*count] = (struct iovec){pointer_to(address), len};
    ++*count;
}

const uint8_t *sim_user_read(struct sim_user *user, uint64_t address, size_t len)
{
    const size_t start = user->read_len;

    if (user->is_self)
        return pointer_to(address);
    note(user->read, &user->read_count, address, len);
    user->read_len += len;
    if (user->read_len <= user->have.len)
        return user->have.ptr + start;
    user->lacks = true;
    return NULL;
}

uint8_t *sim_user_write(struct sim_user *user, uint64_t address, size_t len)
{
    const size_t start = user->written_len;

    if (user->is_self)
        return pointer_to(address);
    note(user->written, &user->written_count, address, len);
    user->written_len += len;
    if (user->written_len <= user->room_len && user->written_len <= sizeof user->room)
        return user->room + start;
    user->lacks = true;
    return NULL;
}
