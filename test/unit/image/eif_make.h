/* eif_make.h - enclave images put together byte by byte, by none of our own writers. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_TEST_EIF_MAKE_H
#define TROTH_TEST_EIF_MAKE_H

#include "image/pcr.h"
#include "test/harness.h"
#include "test/support/x509_key.h"

#define EIF_MAKE_MAX ((size_t)128 * 1024)

struct eif_part {
    unsigned type; /* as the section's header has it */
    struct troth_span data;
};

/* kernel "KERNEL", command line "console=ttyS0", metadata "{}", "RAMDISK0", "RAMDISK1" */
#define EIF_USUAL_PARTS 5
extern const struct eif_part eif_usual[EIF_USUAL_PARTS];
#define EIF_USUAL_SIZE 645

/* Where the headers of the usual sections begin. */
enum eif_usual_start {
    EIF_KERNEL_START = 548,
    EIF_CMDLINE_START = 566,
    EIF_METADATA_START = 591,
    EIF_RAMDISK_START = 605,
    EIF_LAST_START = 625
};

/* A file of these sections, sealed; `room` has EIF_MAKE_MAX bytes. */
struct troth_span eif_make(uint8_t *room, unsigned version, const struct eif_part *parts,
                           size_t count);

/* zlib's CRC where the header has it. */
void eif_seal(uint8_t *file, size_t len);

/* Every member of both. */
bool eif_same(const struct troth_eif *a, const struct troth_eif *b);

/* What a signature section says; zero is the usual. */
struct eif_signature_recipe {
    enum x509_key key; /* of the certificate, and what signs */
    const uint8_t *pcr0;
    const char *protected_hex; /* its whole byte string; {1: the key's} */
    const char *unprotected_hex;
    const char *payload_hex;     /* over the register */
    const char *signature_hex;   /* over what the key signs */
    const char *certificate_key; /* "signing_certificate" */
    const char *pem;             /* all of it, over the certificate's */
    const char *tag_hex;         /* before the COSE_Sign1 */
    const char *tail_hex;        /* behind it */
    bool two_entries, as_byte_strings, flip;
    unsigned index;
    int number_256; /* one number of the certificate is 256 */
};

/* The section's data; `*out_at` is where the signature's array is. */
struct troth_span eif_make_signature(uint8_t *room,
                                     const struct eif_signature_recipe *recipe,
                                     size_t *out_at);
/* The certificate of a key: DER, and PEM. */
struct troth_span eif_certificate(enum x509_key key);
struct troth_span eif_certificate_pem(enum x509_key key);

/* A certificate, or what is none, with lines of 64 and a zero behind it; good until eight
 * more are made. */
struct troth_span eif_pem(struct troth_span der);

/* r ‖ s by OpenSSL, over these bytes. */
struct troth_span eif_sign(enum x509_key key, struct troth_span message);

#endif
