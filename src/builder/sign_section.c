/* SPDX-License-Identifier: Apache-2.0 */
#include "builder/sign.h"

#include <errno.h>

#include "base/arena.h"
#include "base/base64.h"
#include "base/span.h"
#include "base/writer.h"
#include "codec/pem.h"
#include "os/file.h"
#include "os/secret.h"
#include "troth/signer.h"

#define CERTIFICATE_LABEL "CERTIFICATE"
enum { LINE = 48 }; /* bytes that make a line of 64 characters */

/* ---- the key ---- */

static bool fail_key(struct troth_build_problem *problem, const char *path, int failed)
{
    if (failed == EPERM) {
        (void)troth_build_fail(problem, path, "is a private key that others may read");
        troth_build_hint(problem, "chmod 600 '%s'", path);
    } else {
        (void)troth_build_fail_errno(problem, path, "cannot be read", failed);
    }
    return false;
}

static bool is_for_images(const struct troth_signer *signer)
{
    return signer->algorithm == TROTH_ECDSA_P256_SHA256 ||
           signer->algorithm == TROTH_ECDSA_P384_SHA384;
}

static bool read_signer(struct troth_signer *out, struct troth_build_problem *problem,
                        const char *path)
{
    struct troth_secret_file file;
    const int failed = troth_secret_file_read(&file, path);
    enum troth_err err;

    if (failed)
        return fail_key(problem, path, failed);
    err = troth_signer_from_pem(out, (struct troth_span){file.bytes, file.len});
    troth_secret_file_release(&file);
    if (!err && is_for_images(out))
        return true;
    troth_signer_destroy(out);
    if (err && err != TROTH_ERR_KEY) {
        (void)troth_build_fail(problem, path, "cannot be used: %s", troth_err_text(err));
        return false;
    }
    (void)troth_build_fail(problem, path, "is no private key that signs images");
    troth_build_hint(problem, "PEM without a passphrase: openssl ecparam -name secp384r1 "
                              "-genkey -noout -out key.pem");
    return false;
}

/* ---- the certificate ---- */

/* The block alone: text around it, as openssl x509 -text has it, is no part of an image.
 */
static bool write_pem(struct troth_span *out, struct troth_arena *arena,
                      struct troth_span der)
{
    const size_t lines = (der.len + LINE - 1) / LINE;
    const size_t room = 2 * sizeof("-----BEGIN " CERTIFICATE_LABEL "-----\n") +
                        lines * (LINE / 3 * 4 + 1);
    uint8_t *bytes = troth_arena_take_unset(arena, room, 1);
    struct troth_writer w = troth_writer_over(bytes, bytes ? room : 0);

    troth_write_text(&w, "-----BEGIN " CERTIFICATE_LABEL "-----\n");
    for (size_t at = 0; at < der.len; at += LINE) {
        const size_t end = der.len - at < LINE ? der.len : at + LINE;

        troth_base64_write(&w, troth_span_slice(der, at, end), TROTH_BASE64);
        troth_write_u8(&w, '\n');
    }
    troth_write_text(&w, "-----END " CERTIFICATE_LABEL "-----\n");
    return troth_writer_finish(&w, out) == TROTH_OK;
}

static bool take_certificate(struct troth_span *out, struct troth_build_problem *problem,
                             const char *path, struct troth_span text,
                             struct troth_arena *arena)
{
    struct troth_pem_block block;
    const enum troth_err err = troth_pem_next(&block, &text, arena);

    if (err == TROTH_ERR_MISSING)
        return troth_build_fail(problem, path, "holds no certificate in PEM");
    if (err)
        return troth_build_fail(problem, path, "is no PEM: %s", troth_err_text(err));
    if (!troth_span_is_text(block.label, CERTIFICATE_LABEL) || troth_pem_recognise(text))
        return troth_build_fail(problem, path,
                                "holds something else than one certificate");
    return write_pem(out, arena, block.bytes) ||
           troth_build_fail(problem, path, "is too long for an image");
}

static bool read_certificate(struct troth_span *out, struct troth_build_problem *problem,
                             const char *path, struct troth_arena *arena)
{
    struct troth_file file;
    const int failed = troth_file_read(&file, path, TROTH_EIF_SIGNATURE_MAX);
    bool done;

    if (failed)
        return troth_build_fail_errno(problem, path, "cannot be read", failed);
    done = take_certificate(out, problem, path, (struct troth_span){file.bytes, file.len},
                            arena);
    troth_file_release(&file);
    return done;
}

/* ---- the section ---- */

static bool fail_section(struct troth_build_problem *problem,
                         const struct troth_sign_order *order, enum troth_err err)
{
    if (err == TROTH_ERR_LIMIT)
        return troth_build_fail(problem, order->certificate, "is too long for an image");
    return troth_build_fail(problem, order->name, "cannot be signed: %s",
                            troth_err_text(err));
}

static bool sign(struct troth_span *out, struct troth_build_problem *problem,
                 const struct troth_sign_order *order, const struct troth_signer *signer,
                 const uint8_t pcr0[static TROTH_PCR_SIZE], struct troth_arena *arena)
{
    uint8_t signature[TROTH_SIGNATURE_MAX];
    struct troth_span certificate = {NULL, 0}, preimage = {NULL, 0};
    size_t len = 0;

    if (!read_certificate(&certificate, problem, order->certificate, arena))
        return false;

    enum troth_err err = troth_eif_signature_preimage(&preimage, arena, signer->algorithm,
                                                      pcr0);

    if (!err)
        err = signer->sign(signer->state, signature, &len, preimage);
    if (!err)
        err = troth_eif_signature_write(out, arena, signer->algorithm, pcr0, certificate,
                                        (struct troth_span){signature, len});
    return err == TROTH_OK || fail_section(problem, order, err);
}

/* Whose fault it is, by its field. */
static bool fail_check(struct troth_build_problem *problem,
                       const struct troth_sign_order *order,
                       const struct troth_fault *fault)
{
    const struct troth_span field = troth_span_of_text(fault->field ? fault->field : "");

    if (troth_span_is_text(field, "eif.signature.signing_certificate"))
        return troth_build_fail(problem, order->certificate,
                                "is no certificate that can be read: %s",
                                troth_err_text(fault->err));
    /* An error of the signature itself is the certificate's: its key did not sign. */
    if ((fault->err == TROTH_ERR_KEY || fault->err == TROTH_ERR_SIGNATURE) &&
        troth_span_is_text(field, "eif.signature.signature"))
        return troth_build_fail(problem, order->certificate,
                                "is not the certificate of the key '%s'", order->key);
    return fail_section(problem, order, fault->err);
}

/* As a device will do it: this also tells whether the certificate is the key's. */
static bool check(struct troth_build_problem *problem, const struct troth_crypto *crypto,
                  const struct troth_sign_order *order, struct troth_span section,
                  const uint8_t pcr0[static TROTH_PCR_SIZE], struct troth_arena *arena)
{
    struct troth_eif_signature signature;
    struct troth_fault fault;
    enum troth_err err = troth_eif_signature_read(&signature, &fault, section, arena);

    if (!err)
        err = troth_eif_signature_verify(&signature, &fault, crypto, pcr0);
    return err == TROTH_OK || fail_check(problem, order, &fault);
}

bool troth_sign_section(struct troth_span *out, struct troth_build_problem *problem,
                        const struct troth_crypto *crypto,
                        const struct troth_sign_order *order,
                        const uint8_t pcr0[static TROTH_PCR_SIZE],
                        struct troth_arena *arena)
{
    struct troth_signer signer;
    bool done;

    *out = (struct troth_span){NULL, 0};
    if (!read_signer(&signer, problem, order->key))
        return false;
    done = sign(out, problem, order, &signer, pcr0, arena);
    troth_signer_destroy(&signer);
    if (done && check(problem, crypto, order, *out, pcr0, arena))
        return true;
    *out = (struct troth_span){NULL, 0};
    return false;
}
