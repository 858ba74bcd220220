/* SPDX-License-Identifier: Apache-2.0 */
#include "net/tls.h"

#include <string.h>

#include <openssl/x509v3.h>

/* Whatever certificate there is: what it is worth is said afterwards. That the peer has
 * its key is TLS's own check, made all the same. */
static int take_any(X509_STORE_CTX *context, void *state)
{
    (void)state;
    X509_STORE_CTX_set_error(context, X509_V_OK);
    return 1;
}

/* SSL_CTX_set_default_verify_paths() would ask the environment where the folder is. */
static bool load_authorities(SSL_CTX *context, const char *file)
{
    return *file ? SSL_CTX_load_verify_file(context, file) > 0
                 : SSL_CTX_load_verify_dir(context, X509_get_default_cert_dir()) > 0;
}

/* spec: [RFC9525] 6.3: names are compared with subjectAltName alone, and "*" stands for
 * one whole label. */
static bool demand_name(SSL_CTX *context, const char *name, bool is_address)
{
    X509_VERIFY_PARAM *demands = SSL_CTX_get0_param(context);

    X509_VERIFY_PARAM_set_hostflags(demands, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS |
                                                 X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
    return is_address ? X509_VERIFY_PARAM_set1_ip_asc(demands, name) > 0
                      : X509_VERIFY_PARAM_set1_host(demands, name, 0) > 0;
}

static bool is_address(const char *name)
{
    ASN1_OCTET_STRING *address = a2i_IPADDRESS(name);

    ASN1_OCTET_STRING_free(address);
    return address != NULL;
}

static bool make_sense(const struct troth_tls *tls,
                       const struct troth_tls_options *options)
{
    const char *name = options->server_name;
    bool has_demands = options->ca_file || name || options->pinned_sha256.len > 0;

    if (tls->role == TROTH_SERVER)
        return !has_demands;
    if (options->pinned_sha256.len != 0 && options->pinned_sha256.len != sizeof tls->pin)
        return false;
    /* OpenSSL would take ".example" for every name below it. */
    if (name && (!*name || *name == '.' || strlen(name) >= sizeof tls->server_name))
        return false;
    return !options->ca_file || name;
}

enum troth_err troth_tls_set_name(struct troth_tls *tls,
                                  const struct troth_tls_options *options)
{
    const char *name = options->server_name;

    if (!make_sense(tls, options))
        return TROTH_ERR_VALUE;
    /* spec: [RFC6066] 3 "Literal IPv4 and IPv6 addresses are not permitted in
     * "HostName"." */
    if (name && !is_address(name))
        memcpy(tls->server_name, name, strlen(name) + 1);
    if (options->pinned_sha256.len > 0) {
        tls->is_pinned = true;
        memcpy(tls->pin, options->pinned_sha256.ptr, sizeof tls->pin);
    }

    bool asks = tls->role == TROTH_CLIENT || options->asks_certificate;

    SSL_CTX_set_verify(tls->context, asks ? SSL_VERIFY_PEER : SSL_VERIFY_NONE, NULL);
    if (!options->ca_file) {
        SSL_CTX_set_cert_verify_callback(tls->context, take_any, NULL);
        return TROTH_OK;
    }
    if (!load_authorities(tls->context, options->ca_file))
        return TROTH_ERR_KEY;
    tls->is_certified = true;
    return demand_name(tls->context, name, is_address(name)) ? TROTH_OK : TROTH_ERR_VALUE;
}
