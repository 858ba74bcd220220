/* SPDX-License-Identifier: Apache-2.0 */
#include "builder/oci_layout.h"

#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/evp.h>

#include "base/span.h"
#include "base/writer.h"
#include "builder/file_open.h"

enum { SUBJECT_SIZE = 512, PIECE = 64 * 1024 };

struct subject {
    char text[SUBJECT_SIZE];
};

static struct subject subject_of(const struct troth_oci_layout *layout, const char *path)
{
    struct subject out;

    (void)snprintf(out.text, sizeof(out.text), "%s/%s", layout->name, path);
    return out;
}

bool troth_oci_layout_fail(const struct troth_oci_layout *layout, const char *path,
                           const char *text)
{
    return troth_build_fail(layout->problem, subject_of(layout, path).text, "%s", text);
}

static bool fail_errno(const struct troth_oci_layout *layout, const char *path, int error)
{
    return troth_build_fail_errno(layout->problem, subject_of(layout, path).text,
                                  "cannot be read", error);
}

bool troth_oci_layout_read(struct troth_file *out, const struct troth_oci_layout *layout,
                           const char *path)
{
    const int file = troth_file_open_below(layout->folder, path);
    int error = errno;

    *out = (struct troth_file){.bytes = NULL};
    if (file < 0)
        return fail_errno(layout, path, error);
    error = troth_file_read_open(out, file, TROTH_OCI_DOCUMENT_MAX);
    (void)close(file);
    return error ? fail_errno(layout, path, error) : true;
}

void troth_oci_layout_blob_path(char out[static TROTH_OCI_BLOB_PATH_SIZE],
                                const struct troth_oci_blob *blob)
{
    struct troth_writer w = troth_writer_over((uint8_t *)out, TROTH_OCI_BLOB_PATH_SIZE);

    troth_write_text(&w, "blobs/sha256/");
    troth_write_hex(&w, (struct troth_span)TROTH_ARRAY_SPAN(blob->sha256));
    troth_write_u8(&w, 0);
}

static bool check_digest(const struct troth_oci_layout *layout, const char *path,
                         const struct troth_oci_blob *blob, const uint8_t *digest)
{
    return troth_span_equal((struct troth_span){digest, sizeof(blob->sha256)},
                            (struct troth_span)TROTH_ARRAY_SPAN(blob->sha256)) ||
           troth_oci_layout_fail(layout, path, "is not what its digest says");
}

bool troth_oci_layout_document(struct troth_file *out,
                               const struct troth_oci_layout *layout,
                               const struct troth_oci_blob *blob)
{
    char path[TROTH_OCI_BLOB_PATH_SIZE];
    uint8_t digest[32];

    troth_oci_layout_blob_path(path, blob);
    if (!troth_oci_layout_read(out, layout, path))
        return false;
    if (out->len != blob->size)
        (void)troth_oci_layout_fail(layout, path, "is not as long as was said");
    else if (EVP_Digest(out->bytes, out->len, digest, NULL, EVP_sha256(), NULL) <= 0)
        (void)troth_oci_layout_fail(layout, path, "cannot be hashed");
    else if (check_digest(layout, path, blob, digest))
        return true;
    troth_file_release(out);
    return false;
}

static int hash_all(EVP_MD_CTX *sum, int file, uint64_t *out_size)
{
    uint8_t piece[PIECE];
    ssize_t got;

    *out_size = 0;
    while ((got = read(file, piece, sizeof(piece)))) {
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return errno;
        if (EVP_DigestUpdate(sum, piece, (size_t)got) <= 0)
            return ENOMEM;
        *out_size += (uint64_t)got;
    }
    return 0;
}

static bool check_file(const struct troth_oci_layout *layout, const char *path,
                       const struct troth_oci_blob *blob, int file)
{
    EVP_MD_CTX *const sum = EVP_MD_CTX_new();
    uint8_t digest[32];
    uint64_t size = 0;
    int error = ENOMEM;

    if (sum && EVP_DigestInit_ex(sum, EVP_sha256(), NULL) > 0) {
        error = hash_all(sum, file, &size);
        if (!error && EVP_DigestFinal_ex(sum, digest, NULL) <= 0)
            error = ENOMEM;
    }
    EVP_MD_CTX_free(sum);
    if (error)
        return fail_errno(layout, path, error);
    if (size != blob->size)
        return troth_oci_layout_fail(layout, path, "is not as long as was said");
    return check_digest(layout, path, blob, digest);
}

bool troth_oci_layout_open(int *out, const struct troth_oci_layout *layout,
                           const struct troth_oci_blob *blob)
{
    char path[TROTH_OCI_BLOB_PATH_SIZE];

    troth_oci_layout_blob_path(path, blob);
    *out = troth_file_open_below(layout->folder, path);
    if (*out < 0)
        return fail_errno(layout, path, errno);
    if (check_file(layout, path, blob, *out) && lseek(*out, 0, SEEK_SET) == 0)
        return true;
    (void)close(*out);
    *out = -1;
    return false;
}
