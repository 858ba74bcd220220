/* SPDX-License-Identifier: Apache-2.0 */
#include "test/vectors/find_certs.h"

#include <openssl/pem.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/span.h"

struct finding {
    struct found_cert *certs;
    size_t max, count;
};

static void keep(struct finding *finding, struct troth_span der, const char *file)
{
    for (size_t i = 0; i < finding->count; i++)
        if (troth_span_equal(finding->certs[i].der, der))
            return;
    if (finding->count < finding->max)
        finding->certs[finding->count++] = (struct found_cert){der, file};
}

/* What OpenSSL lends for a moment is kept until the program ends. */
static struct troth_span copy(const uint8_t *bytes, size_t len)
{
    static uint8_t pool[1 << 20];
    static size_t used;

    if (len > sizeof pool - used)
        abort();
    uint8_t *at = memcpy(pool + used, bytes, len);

    used += len;
    return (struct troth_span){at, len};
}

static void find_der(struct finding *finding, struct troth_span bytes, const char *file)
{
    for (size_t i = 0; i + 13 < bytes.len; i++) {
        const uint8_t *p = bytes.ptr + i;
        size_t len = 4 + ((size_t)p[2] << 8 | p[3]);

        if (p[0] == 0x30 && p[1] == 0x82 && p[4] == 0x30 && p[5] == 0x82 &&
            memcmp(p + 8, "\xa0\x03\x02\x01\x02", 5) == 0 && len <= bytes.len - i)
            keep(finding, (struct troth_span){p, len}, file);
    }
}

static void find_pem(struct finding *finding, struct troth_span bytes, const char *file)
{
    BIO *bio = BIO_new_mem_buf(bytes.ptr, (int)bytes.len);
    char *label = NULL, *header = NULL;
    uint8_t *der = NULL;
    long len = 0;

    while (PEM_read_bio(bio, &label, &header, &der, &len)) {
        if (strcmp(label, "CERTIFICATE") == 0)
            keep(finding, copy(der, (size_t)len), file);
        OPENSSL_free(label);
        OPENSSL_free(header);
        OPENSSL_free(der);
    }
    BIO_free(bio);
}

void find_cert_files(glob_t *out)
{
    static const char *const patterns[] = {
        "roots/*", "snp/*",   "nitro/*",    "tdx/*",        "sgx/*", "nvidia/*",
        "tdx/*/*", "sgx/*/*", "nvidia/*/*", "azure-vtpm/*", "tpm/*",
    };

    for (size_t i = 0; i < COUNT(patterns); i++) {
        char pattern[4300];

        snprintf(pattern, sizeof pattern, "%s/%s", test_vectors_dir(), patterns[i]);
        (void)glob(pattern, GLOB_MARK | (i ? GLOB_APPEND : 0), NULL, out);
    }
}

struct troth_span find_cert_read(const char *path)
{
    bool is_folder = path[strlen(path) - 1] == '/'; /* GLOB_MARK put it there */

    return is_folder ? (struct troth_span){NULL, 0} : test_file(path);
}

size_t find_certs(struct found_cert *out, size_t max, const glob_t *files)
{
    struct finding finding = {out, max, 0};

    for (size_t i = 0; i < files->gl_pathc; i++) {
        struct troth_span bytes = find_cert_read(files->gl_pathv[i]);

        find_der(&finding, bytes, files->gl_pathv[i]);
        find_pem(&finding, bytes, files->gl_pathv[i]);
    }
    return finding.count;
}
