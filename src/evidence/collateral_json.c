/* SPDX-License-Identifier: Apache-2.0 */
#include "base/arena.h"
#include "base/base64.h"
#include "base/hex.h"
#include "base/span.h"
#include "codec/json.h"
#include "codec/pem.h"
#include "evidence/unpacking.h"

/* What stands in a member. */
enum form {
    CERTIFICATES, /* a string of PEM */
    CHAIN,        /* the same, and it repeats what other chains hold; may be null */
    LIST,         /* a string of PEM, hex or base64; may be null */
    STATEMENT,    /* a string of the very bytes that are signed; may be null */
    SIGNATURE,    /* a string of hex; may be null */
    OBJECT        /* an object whose very bytes are signed */
};

/*
 * Azure's host certificate service answers the first two; dcap-qvl's bundle has the names
 * of the next ten; Intel's services sign the last three's.
 */
enum member {
    VCEK_CERT,
    CERTIFICATE_CHAIN,
    PCK_CERTIFICATE_CHAIN,
    PCK_CRL_ISSUER_CHAIN,
    ROOT_CA_CRL,
    PCK_CRL,
    TCB_INFO_ISSUER_CHAIN,
    TCB_INFO,
    TCB_INFO_SIGNATURE,
    QE_IDENTITY_ISSUER_CHAIN,
    QE_IDENTITY,
    QE_IDENTITY_SIGNATURE,
    OWN_TCB_INFO,
    OWN_QE_IDENTITY,
    OWN_SIGNATURE,
    MEMBERS
};

static const struct {
    const char *name;
    enum form form;
    const char *field;
} members[MEMBERS] = {
    [VCEK_CERT] = {"vcekCert", CERTIFICATES, "collateral.json.certificate"},
    [CERTIFICATE_CHAIN] = {"certificateChain", CERTIFICATES,
                           "collateral.json.certificate"},
    [PCK_CERTIFICATE_CHAIN] = {"pck_certificate_chain", CHAIN,
                               "collateral.json.pck_certificate_chain"},
    [PCK_CRL_ISSUER_CHAIN] = {"pck_crl_issuer_chain", CHAIN,
                              "collateral.json.pck_crl_issuer_chain"},
    [ROOT_CA_CRL] = {"root_ca_crl", LIST, "collateral.json.root_ca_crl"},
    [PCK_CRL] = {"pck_crl", LIST, "collateral.json.pck_crl"},
    [TCB_INFO_ISSUER_CHAIN] = {"tcb_info_issuer_chain", CHAIN,
                               "collateral.json.tcb_info_issuer_chain"},
    [TCB_INFO] = {"tcb_info", STATEMENT, "collateral.json.tcb_info"},
    [TCB_INFO_SIGNATURE] = {"tcb_info_signature", SIGNATURE,
                            "collateral.json.tcb_info_signature"},
    [QE_IDENTITY_ISSUER_CHAIN] = {"qe_identity_issuer_chain", CHAIN,
                                  "collateral.json.qe_identity_issuer_chain"},
    [QE_IDENTITY] = {"qe_identity", STATEMENT, "collateral.json.qe_identity"},
    [QE_IDENTITY_SIGNATURE] = {"qe_identity_signature", SIGNATURE,
                               "collateral.json.qe_identity_signature"},
    [OWN_TCB_INFO] = {"tcbInfo", OBJECT, "collateral.json.tcbInfo"},
    [OWN_QE_IDENTITY] = {"enclaveIdentity", OBJECT, "collateral.json.enclaveIdentity"},
    [OWN_SIGNATURE] = {"signature", SIGNATURE, "collateral.json.signature"},
};

/* Which are signed, and where their signatures are. */
static const struct {
    enum member statement, signature;
    enum troth_collateral_kind kind;
} statements[] = {
    {TCB_INFO, TCB_INFO_SIGNATURE, TROTH_COLLATERAL_TCB_INFO},
    {QE_IDENTITY, QE_IDENTITY_SIGNATURE, TROTH_COLLATERAL_QE_IDENTITY},
    {OWN_TCB_INFO, OWN_SIGNATURE, TROTH_COLLATERAL_TCB_INFO},
    {OWN_QE_IDENTITY, OWN_SIGNATURE, TROTH_COLLATERAL_QE_IDENTITY},
};

/* What was found: between the quotes of a string, or an object whole. */
struct found {
    struct troth_span of[MEMBERS];
    size_t count;
};

static size_t member_of(struct troth_span key)
{
    size_t i = 0;

    while (i < MEMBERS && !troth_json_text_is(key, members[i].name))
        i++;
    return i;
}

static struct troth_span read_value(struct troth_json *r, size_t member)
{
    const char *field = members[member].field;
    enum troth_json_type type = troth_json_peek(r);

    switch (members[member].form) {
    case CERTIFICATES:
        break;
    case CHAIN:
    case LIST:
    case STATEMENT:
    case SIGNATURE:
        if (type != TROTH_JSON_NULL)
            break;
        troth_json_null(r, field);
        return (struct troth_span){NULL, 0};
    case OBJECT:
        troth_json_expect(r, type == TROTH_JSON_OBJECT, TROTH_ERR_TYPE, field);
        return troth_json_skip(r, field);
    }
    return troth_json_string(r, field);
}

static enum troth_err find_members(struct found *out, struct troth_unpacking *u,
                                   struct troth_span text)
{
    struct troth_json r;

    *out = (struct found){.count = 0};
    troth_json_init(&r, text);
    troth_json_enter_object(&r, "collateral.json");
    while (troth_json_more(&r)) {
        size_t member = member_of(troth_json_key(&r, "collateral.json"));

        if (member < MEMBERS) {
            out->of[member] = read_value(&r, member);
            out->count++;
        } else {
            troth_json_skip(&r, "collateral.json");
        }
    }
    troth_json_leave(&r, "collateral.json");
    return troth_json_finish(&r, &u->fault);
}

static enum troth_err add_base64(struct troth_unpacking *u, struct troth_span text,
                                 const char *field)
{
    uint8_t *room = troth_arena_take(u->arena, text.len);
    size_t len;
    enum troth_err err = TROTH_ERR_MEMORY;

    if (room)
        err = troth_base64_parse(room, text.len, &len, text, TROTH_BASE64);
    if (err)
        return troth_unpack_fail(u, err, field);
    return troth_unpack_der(u, (struct troth_span){room, len});
}

static enum troth_err add_list(struct troth_unpacking *u, struct troth_span text,
                               const char *field)
{
    if (troth_pem_recognise(text))
        return troth_unpack_pem(u, text);
    if (troth_unpack_is_hex(text))
        return troth_unpack_hex(u, text);
    return add_base64(u, text, field);
}

/* Everything that needs no signature beside it. */
static enum troth_err add_member(struct troth_unpacking *u, size_t member,
                                 struct troth_span raw)
{
    const char *field = members[member].field;
    struct troth_span text = raw;
    enum troth_err err = TROTH_OK;

    if (members[member].form > LIST)
        return TROTH_OK;
    err = troth_json_unescape(&text, u->arena, raw);
    if (err)
        return troth_unpack_fail(u, err, field);
    if (members[member].form == LIST)
        return add_list(u, text, field);
    if (members[member].form == CHAIN)
        return troth_unpack_chain(u, text);
    return troth_unpack_pem(u, text);
}

static enum troth_err read_signature(struct troth_span *out, struct troth_unpacking *u,
                                     const struct found *found, enum member member)
{
    struct troth_span text = found->of[member];
    uint8_t *room = troth_arena_take(u->arena, text.len / 2);
    size_t len = 0;
    enum troth_err err;

    *out = (struct troth_span){NULL, 0};
    if (!text.ptr)
        return troth_unpack_fail(u, TROTH_ERR_MISSING, members[member].field);
    err = room ? troth_hex_parse(room, text.len / 2, &len, text) : TROTH_ERR_MEMORY;
    *out = (struct troth_span){room, len};
    return err ? troth_unpack_fail(u, err, members[member].field) : TROTH_OK;
}

static enum troth_err add_statement(struct troth_unpacking *u, const struct found *found,
                                    size_t row)
{
    enum member statement = statements[row].statement;
    struct troth_span bytes = found->of[statement], signature;
    enum troth_err err;

    if (!bytes.ptr)
        return TROTH_OK;
    if (members[statement].form == STATEMENT) {
        err = troth_json_unescape(&bytes, u->arena, bytes);
        if (err)
            return troth_unpack_fail(u, err, members[statement].field);
    }
    err = read_signature(&signature, u, found, statements[row].signature);
    if (err)
        return err;
    return troth_unpack_item(u, statements[row].kind, bytes, signature);
}

enum troth_err troth_unpack_json(struct troth_unpacking *u, struct troth_span text)
{
    struct found found;
    enum troth_err err = find_members(&found, u, text);

    if (err)
        return err;
    /* One signature cannot be over both. */
    if (found.of[OWN_TCB_INFO].ptr && found.of[OWN_QE_IDENTITY].ptr)
        return troth_unpack_fail(u, TROTH_ERR_DUPLICATE, members[OWN_SIGNATURE].field);
    if (found.count == 0)
        return troth_unpack_fail(u, TROTH_ERR_KIND, "collateral.json");
    for (size_t i = 0; !err && i < MEMBERS; i++)
        if (found.of[i].ptr)
            err = add_member(u, i, found.of[i]);
    for (size_t i = 0; !err && i < sizeof statements / sizeof statements[0]; i++)
        err = add_statement(u, &found, i);
    return err;
}
