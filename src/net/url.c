/* SPDX-License-Identifier: Apache-2.0 */
#include "net/url.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

/* NULL where the address lacks it; curl_free() takes both. */
static char *part(CURLU *url, CURLUPart which)
{
    char *text = NULL;

    return curl_url_get(url, which, &text, 0) == CURLUE_OK ? text : NULL;
}

static bool has(CURLU *url, CURLUPart which)
{
    char *text = part(url, which);
    bool found = text != NULL;

    curl_free(text);
    return found;
}

static bool is_own_machine(const char *host)
{
    struct in_addr four;
    struct in6_addr six;
    char inside[64];
    size_t len = strlen(host);

    if (strcasecmp(host, "localhost") == 0)
        return true;
    if (inet_pton(AF_INET, host, &four) == 1)
        return ntohl(four.s_addr) >> 24 == 127;
    if (len < 3 || len >= sizeof inside || host[0] != '[' || host[len - 1] != ']')
        return false;
    memcpy(inside, host + 1, len - 2);
    inside[len - 2] = '\0';
    return inet_pton(AF_INET6, inside, &six) == 1 && IN6_IS_ADDR_LOOPBACK(&six);
}

static const char *refusal_of_scheme(CURLU *url)
{
    char *scheme = part(url, CURLUPART_SCHEME), *host = part(url, CURLUPART_HOST);
    const char *why = NULL;

    if (!scheme || !host || !*host)
        why = "no address of a service: https://HOST/";
    else if (strcmp(scheme, "http") == 0 && !is_own_machine(host))
        why = "plain http is for this machine's own addresses: https says who answers";
    else if (strcmp(scheme, "http") != 0 && strcmp(scheme, "https") != 0)
        why = "neither https nor http";
    curl_free(scheme);
    curl_free(host);
    return why;
}

const char *troth_url_refusal(const char *text)
{
    CURLU *url = curl_url();
    const char *why;

    if (!url)
        return "no memory to read the address";
    if (strlen(text) >= TROTH_URL_ROOM)
        why = "an address that is too long";
    else if (curl_url_set(url, CURLUPART_URL, text, CURLU_NON_SUPPORT_SCHEME) !=
             CURLUE_OK)
        why = "no address of a service: https://HOST/";
    else if (has(url, CURLUPART_USER) || has(url, CURLUPART_PASSWORD))
        why = "it holds a user or a password, and others can read command lines";
    else if (has(url, CURLUPART_FRAGMENT))
        why = "it holds a fragment";
    else
        why = refusal_of_scheme(url);
    curl_url_cleanup(url);
    return why;
}

bool troth_url_host(char out[static TROTH_HOST_ROOM], const char *text)
{
    CURLU *url = curl_url();
    char *host = NULL, *port = NULL;
    int len = -1;

    out[0] = '\0';
    if (url && curl_url_set(url, CURLUPART_URL, text, 0) == CURLUE_OK) {
        host = part(url, CURLUPART_HOST);
        port = part(url, CURLUPART_PORT);
    }
    if (host && *host)
        len = snprintf(out, TROTH_HOST_ROOM, "%s%s%s", host, port ? ":" : "",
                       port ? port : "");
    curl_free(host);
    curl_free(port);
    curl_url_cleanup(url);
    if (len > 0 && len < TROTH_HOST_ROOM)
        return true;
    out[0] = '\0';
    return false;
}

/* spec: [RFC3986] 3.3, 3.4: what paths and queries are written in. */
static bool is_path(const char *path)
{
    static const char others[] = "-._~!$&'()*+,;=:@/?%";

    if (strstr(path, "..") || strstr(path, "//"))
        return false;
    for (; *path; path++) {
        bool is_letter = (*path >= 'a' && *path <= 'z') || (*path >= 'A' && *path <= 'Z');

        if (!is_letter && !(*path >= '0' && *path <= '9') && !strchr(others, *path))
            return false;
    }
    return true;
}

bool troth_url_join(char out[static TROTH_URL_ROOM], const char *base, const char *path)
{
    size_t len = strlen(base);
    int written;

    out[0] = '\0';
    if (len == 0 || strpbrk(base, "?#") || !is_path(path))
        return false;
    written = snprintf(out, TROTH_URL_ROOM, "%s%s%s", base,
                       base[len - 1] == '/' ? "" : "/", path);
    if (written > 0 && written < TROTH_URL_ROOM)
        return true;
    out[0] = '\0';
    return false;
}
