/* SPDX-License-Identifier: Apache-2.0 */
/* EVP's objects around what these deprecated calls do cost a tenth of a verification. */
#define OPENSSL_SUPPRESS_DEPRECATED
#include "provider/openssl.h"

#include <openssl/bn.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/obj_mac.h>

static const int curve_names[] = {
    [TROTH_KEY_P256] = NID_X9_62_prime256v1,
    [TROTH_KEY_P384] = NID_secp384r1,
};

EC_GROUP *troth_openssl_curve(OSSL_LIB_CTX *library, enum troth_key_kind kind)
{
    return EC_GROUP_new_by_curve_name_ex(library, NULL, curve_names[kind]);
}

/* NULL for a point off its curve, and when OpenSSL fails. */
static EC_KEY *import_point(const struct troth_openssl *openssl,
                            const struct troth_public_key *key)
{
    EC_KEY *made = EC_KEY_new_ex(openssl->library, NULL);

    /* OpenSSL's own method, whatever engine the process has set as its default. */
    if (made && EC_KEY_set_method(made, EC_KEY_OpenSSL()) > 0 &&
        EC_KEY_set_group(made, openssl->curves[key->kind]) > 0 &&
        EC_KEY_oct2key(made, key->point.ptr, key->point.len, NULL) > 0)
        return made;
    EC_KEY_free(made);
    return NULL;
}

static ECDSA_SIG *import_signature(struct troth_span raw)
{
    int width = (int)(raw.len / 2);
    ECDSA_SIG *made = ECDSA_SIG_new();
    BIGNUM *r = BN_bin2bn(raw.ptr, width, NULL);
    BIGNUM *s = BN_bin2bn(raw.ptr + width, width, NULL);

    if (made && r && s && ECDSA_SIG_set0(made, r, s) > 0)
        return made;
    BN_free(r);
    BN_free(s);
    ECDSA_SIG_free(made);
    return NULL;
}

/*
 * 1 yes, 0 no, less than 0 failed: but that is said of some forgeries, too (the sum at
 * infinity), and then with a reason from among the curves'.
 */
static enum troth_err verify_digest(EC_KEY *key, struct troth_span digest,
                                    struct troth_span raw)
{
    ECDSA_SIG *signature = import_signature(raw);
    int answer = -1;

    if (signature)
        answer = ECDSA_do_verify(digest.ptr, (int)digest.len, signature, key);
    ECDSA_SIG_free(signature);
    return answer == 1 ? TROTH_OK
                       : troth_openssl_failure(answer ? ERR_LIB_EC : ERR_LIB_NONE,
                                               TROTH_ERR_SIGNATURE);
}

enum troth_err troth_openssl_verify_ecdsa(struct troth_openssl *openssl,
                                          enum troth_signature_algorithm algorithm,
                                          const struct troth_public_key *key,
                                          struct troth_parts message,
                                          struct troth_span signature)
{
    uint8_t bytes[TROTH_HASH_MAX];
    enum troth_hash hash = troth_signature_facts(algorithm).hash;
    struct troth_span digest = {bytes, troth_hash_size(hash)};
    EC_KEY *made = import_point(openssl, key);
    enum troth_err err = TROTH_ERR_SIGNATURE;

    if (!made)
        return troth_openssl_failure(ERR_LIB_EC, TROTH_ERR_KEY);
    if (signature.len == key->point.len - 1) { /* r ‖ s like 0x04 ‖ X ‖ Y */
        err = troth_openssl_digest(openssl, bytes, hash, message);
        if (!err)
            err = verify_digest(made, digest, signature);
    }
    EC_KEY_free(made);
    return err;
}
