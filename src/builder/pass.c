/* SPDX-License-Identifier: Apache-2.0 */
#include "builder/pass.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include <zlib.h>

static bool start_sha256(struct troth_pass_state *state)
{
    return SHA256_Init(&state->sum.sha256) > 0;
}

static int take_sha256(struct troth_pass_state *state, struct troth_pass *result,
                       struct troth_span bytes)
{
    (void)result;
    return SHA256_Update(&state->sum.sha256, bytes.ptr, bytes.len) > 0 ? 0 : EIO;
}

static bool digest_sha256(const struct troth_pass_state *state, uint8_t *out)
{
    SHA256_CTX copy = state->sum.sha256;

    return SHA256_Final(out, &copy) > 0;
}

static bool start_sha384(struct troth_pass_state *state)
{
    return SHA384_Init(&state->sum.sha384) > 0;
}

static int take_sha384(struct troth_pass_state *state, struct troth_pass *result,
                       struct troth_span bytes)
{
    (void)result;
    return SHA384_Update(&state->sum.sha384, bytes.ptr, bytes.len) > 0 ? 0 : EIO;
}

static bool digest_sha384(const struct troth_pass_state *state, uint8_t *out)
{
    SHA512_CTX copy = state->sum.sha384;

    return SHA384_Final(out, &copy) > 0;
}

static int take_crc32(struct troth_pass_state *state, struct troth_pass *result,
                      struct troth_span bytes)
{
    (void)state;
    result->crc = (uint32_t)crc32_z(result->crc, bytes.ptr, bytes.len);
    return 0;
}

static int take_write(struct troth_pass_state *state, struct troth_pass *result,
                      struct troth_span bytes)
{
    (void)state;
    for (size_t done = 0; done < bytes.len;) {
        const ssize_t wrote = write(result->descriptor, bytes.ptr + done,
                                    bytes.len - done);

        if (wrote < 0 && errno != EINTR)
            return errno;
        if (wrote == 0)
            return EIO;
        done += wrote > 0 ? (size_t)wrote : 0;
    }
    return 0;
}

static const struct {
    bool (*start)(struct troth_pass_state *state); /* NULL: nothing to prepare */
    int (*take)(struct troth_pass_state *state, struct troth_pass *result,
                struct troth_span bytes);
    bool (*digest)(const struct troth_pass_state *state, uint8_t *out); /* NULL: none */
} kinds[] = {
    [TROTH_PASS_SHA256] = {start_sha256, take_sha256, digest_sha256},
    [TROTH_PASS_SHA384] = {start_sha384, take_sha384, digest_sha384},
    [TROTH_PASS_CRC32] = {NULL, take_crc32, NULL},
    [TROTH_PASS_WRITE] = {NULL, take_write, NULL},
    [TROTH_PASS_PARTS] = {start_sha256, take_sha256, digest_sha256},
};

int troth_pass_start(struct troth_pass_state *state, struct troth_pass *result)
{
    memset(state, 0, sizeof(*state));
    memset(result->digest, 0, sizeof(result->digest));
    result->crc = 0;
    result->error = 0;
    return !kinds[result->kind].start || kinds[result->kind].start(state) ? 0 : EIO;
}

int troth_pass_take(struct troth_pass_state *state, struct troth_pass *result,
                    struct troth_span bytes)
{
    return kinds[result->kind].take(state, result, bytes);
}

bool troth_pass_has_digest(enum troth_pass_kind kind)
{
    return kinds[kind].digest && kind != TROTH_PASS_PARTS;
}

int troth_pass_digest(const struct troth_pass_state *state, enum troth_pass_kind kind,
                      uint8_t out[static 48])
{
    return kinds[kind].digest(state, out) ? 0 : EIO;
}

static int end_part(struct troth_pass_state *state, struct troth_pass *result,
                    uint8_t *out_sha256)
{
    uint8_t digest[48];
    const int failed = troth_pass_digest(state, result->kind, digest);

    if (failed)
        return failed;
    memcpy(out_sha256, digest, SHA256_DIGEST_LENGTH);
    return troth_pass_start(state, result);
}

int troth_pass_take_pieces(struct troth_pass_state *state, struct troth_pass *result,
                           struct troth_span bytes, const struct troth_pass_piece *pieces,
                           size_t count)
{
    int failed = 0;

    for (size_t i = 0; i < count && !failed; i++) {
        const struct troth_pass_piece *piece = &pieces[i];

        failed = troth_pass_take(
            state, result,
            (struct troth_span){bytes.ptr + piece->start, piece->end - piece->start});
        if (!failed && piece->out_sha256)
            failed = end_part(state, result, piece->out_sha256);
    }
    return failed;
}
