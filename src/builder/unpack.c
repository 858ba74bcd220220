/* SPDX-License-Identifier: Apache-2.0 */
#include "builder/unpack.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

#include <openssl/evp.h>
#include <zlib.h>

#include "image/oci.h"

enum { BUFFER_SIZE = 128 * 1024, GZIP_WINDOW = 15 + 16 /* gzip's header and no other */ };

struct troth_unpack {
    const struct troth_tar_input *input;
    EVP_MD_CTX *digest;
    uint64_t done; /* bytes handed out */
    bool is_gzip;
    bool is_open; /* in the middle of a gzip member */
    z_stream gzip;
    uint8_t buffer[BUFFER_SIZE];
};

static bool fail(const struct troth_unpack *unpack, struct troth_build_problem *problem,
                 const char *text)
{
    return troth_build_fail(problem, unpack->input->name, "%s", text);
}

bool troth_unpack_create(struct troth_unpack **out, struct troth_build_problem *problem,
                         const struct troth_tar_input *input)
{
    struct troth_unpack *unpack;

    *out = NULL;
    if (input->packing != TROTH_OCI_PLAIN && input->packing != TROTH_OCI_GZIP)
        return troth_build_fail(problem, input->name,
                                "is packed with zstd, which cannot be unpacked here");
    unpack = calloc(1, sizeof(*unpack));
    if (!unpack)
        return troth_build_fail_errno(problem, input->name, "cannot be unpacked", ENOMEM);
    unpack->input = input;
    unpack->digest = EVP_MD_CTX_new();
    if (unpack->digest && EVP_DigestInit_ex(unpack->digest, EVP_sha256(), NULL) > 0) {
        unpack->is_gzip = input->packing == TROTH_OCI_GZIP &&
                          inflateInit2(&unpack->gzip, GZIP_WINDOW) == Z_OK;
        if (unpack->is_gzip || input->packing == TROTH_OCI_PLAIN) {
            *out = unpack;
            return true;
        }
    }
    troth_unpack_destroy(unpack);
    return troth_build_fail(problem, input->name, "cannot be unpacked: out of memory");
}

void troth_unpack_destroy(struct troth_unpack *unpack)
{
    if (!unpack)
        return;
    if (unpack->is_gzip)
        (void)inflateEnd(&unpack->gzip);
    EVP_MD_CTX_free(unpack->digest);
    free(unpack);
}

/* Some bytes of the input as it is; 0 is its end. */
static bool read_some(struct troth_unpack *unpack, struct troth_build_problem *problem,
                      uint8_t *out, size_t len, size_t *out_len)
{
    ssize_t got;

    do
        got = read(unpack->input->input, out, len);
    while (got < 0 && errno == EINTR);
    *out_len = got > 0 ? (size_t)got : 0;
    return got < 0 ? troth_build_fail_errno(problem, unpack->input->name,
                                            "cannot be read", errno)
                   : true;
}

static bool refill(struct troth_unpack *unpack, struct troth_build_problem *problem)
{
    size_t got;

    if (!read_some(unpack, problem, unpack->buffer, sizeof(unpack->buffer), &got))
        return false;
    unpack->gzip.next_in = unpack->buffer;
    unpack->gzip.avail_in = (uInt)got;
    return true;
}

/* Some unpacked bytes; 0 is the end. Members may follow one another, and nothing else. */
static bool inflate_some(struct troth_unpack *unpack, struct troth_build_problem *problem,
                         uint8_t *out, size_t len, size_t *out_len)
{
    z_stream *const gzip = &unpack->gzip;
    const uInt room = len > INT_MAX ? INT_MAX : (uInt)len;

    *out_len = 0;
    gzip->next_out = out;
    gzip->avail_out = room;
    while (gzip->avail_out == room) {
        int status;

        if (gzip->avail_in == 0 && !refill(unpack, problem))
            return false;
        if (gzip->avail_in == 0 && unpack->is_open)
            return fail(unpack, problem, "ends before its gzip data does");
        if (gzip->avail_in == 0)
            break;
        status = inflate(gzip, Z_NO_FLUSH);
        unpack->is_open = status != Z_STREAM_END;
        if (status == Z_STREAM_END)
            status = inflateReset(gzip);
        if (status != Z_OK)
            return fail(unpack, problem, "is no gzip, or a damaged one");
    }
    *out_len = room - gzip->avail_out;
    return true;
}

bool troth_unpack_read(struct troth_unpack *unpack, struct troth_build_problem *problem,
                       uint8_t *out, size_t len, size_t *out_len)
{
    size_t done = 0, got = 1;

    *out_len = 0;
    while (done < len && got) {
        if (!(unpack->is_gzip ? inflate_some : read_some)(unpack, problem, out + done,
                                                          len - done, &got))
            return false;
        done += got;
    }
    if (done > unpack->input->max - unpack->done)
        return fail(unpack, problem, "is too large once unpacked");
    if (EVP_DigestUpdate(unpack->digest, out, done) <= 0)
        return fail(unpack, problem, "cannot be hashed");
    unpack->done += done;
    *out_len = done;
    return true;
}

bool troth_unpack_digest(struct troth_unpack *unpack, struct troth_build_problem *problem,
                         uint8_t out[static 32])
{
    if (EVP_DigestFinal_ex(unpack->digest, out, NULL) > 0)
        return true;
    return fail(unpack, problem, "cannot be hashed");
}
