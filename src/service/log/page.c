/* SPDX-License-Identifier: Apache-2.0 */
#include "base/base64.h"
#include "base/span.h"
#include "service/log/html.h"
#include "service/log/serving.h"

enum { SHORT_ROOT = 16, NAME_MAX = 256, HEADERS_ROOM = 512 };

/* The page is whole without it. Colours keep a contrast of 7 to 1, the dimmed ones 4.5.
 */
static const char style[] =
    ":root{color-scheme:light dark;--page:#fff;--text:#1b1f24;--dim:#59636e;"
    "--line:#d1d9e0;--link:#0a53a8;--shade:#f4f6f8;--warn:#8a4600;--warned:#fff4e5}"
    "@media(prefers-color-scheme:dark){:root{--page:#12161b;--text:#e6eaee;--dim:#9aa5b1;"
    "--line:#39424d;--link:#7db8ff;--shade:#1b2129;--warn:#ffc27a;--warned:#33230e}}"
    "*{box-sizing:border-box}"
    "body{margin:0 auto;padding:2rem 1.25rem 4rem;max-width:64rem;background:var(--page);"
    "color:var(--text);font:1rem/1.55 system-ui,sans-serif}"
    "h1{margin:0;font-size:1.7rem;line-height:1.25;overflow-wrap:anywhere}"
    "h2{margin:2.5rem 0 .75rem;font-size:1.15rem}"
    "p{max-width:44rem;margin:.5rem 0}.kind,caption,.none{color:var(--dim)}"
    ".kind{margin:0}a{color:var(--link)}a:focus-visible{outline:3px "
    "solid;outline-offset:2px}"
    "dl{display:grid;grid-template-columns:max-content 1fr;gap:.4rem 1.5rem;margin:0}"
    "dt{color:var(--dim)}dd{margin:0;overflow-wrap:anywhere}"
    "code,pre{font:.9em/1.5 ui-monospace,monospace}"
    "pre{padding:.75rem 1rem;background:var(--shade);border:1px solid var(--line);"
    "border-radius:6px;white-space:pre-wrap;overflow-wrap:anywhere}"
    ".wide{overflow-x:auto}table{width:100%;border-collapse:collapse}"
    "th,td{padding:.45rem .9rem .45rem 0;text-align:left;vertical-align:top;"
    "border-bottom:1px solid var(--line)}"
    "th{color:var(--dim);font-weight:600}.n{font-variant-numeric:tabular-nums}"
    "td time{white-space:nowrap}td b{color:var(--dim);font-weight:400}"
    "td span{display:inline-block;max-width:100%;overflow-wrap:anywhere;"
    "margin-right:.9em}td .none{overflow-wrap:normal}"
    ".alone{padding:.75rem 1rem;color:var(--warn);background:var(--warned);"
    "border-left:4px solid}"
    "@media(max-width:34rem){h1{font-size:1.35rem}dl{display:block}"
    "dd{margin-bottom:.6rem}}"
    "@media(max-width:48rem){table,tbody{display:block}thead{position:absolute;"
    "width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}"
    "tr{display:flex;flex-wrap:wrap;gap:.1rem 1rem;padding:.6rem 0;"
    "border-bottom:1px solid var(--line)}th,td{padding:0;border:0;"
    "overflow-wrap:anywhere}td:empty{display:none}td:nth-child(4){flex-basis:100%}}";

enum troth_err troth_log_page_policy(char out[static TROTH_LOG_POLICY_ROOM],
                                     const struct troth_crypto *crypto)
{
    struct troth_writer w = troth_writer_over((uint8_t *)out, TROTH_LOG_POLICY_ROOM - 1);
    uint8_t digest[32];
    const enum troth_err err = troth_digest(
        crypto, digest, TROTH_SHA256,
        (struct troth_span){(const uint8_t *)style, sizeof style - 1});

    troth_write_text(&w, "default-src 'none'; style-src 'sha256-");
    troth_base64_write(&w, (struct troth_span){digest, sizeof digest}, TROTH_BASE64);
    troth_write_text(&w,
                     "'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
    out[w.len] = '\0';
    return err;
}

static void write_name(struct troth_writer *w, struct troth_span name)
{
    troth_write_text(w, "<bdi>");
    troth_html_brief(w, name, NAME_MAX);
    troth_write_text(w, "</bdi>");
}

static void begin(struct troth_writer *w, const struct troth_log_config *config)
{
    const struct troth_span origin = troth_span_of_text(config->origin);

    troth_write_text(w, "<!doctype html>\n<html lang=\"en\">\n<head>\n"
                        "<meta charset=\"utf-8\">\n"
                        "<meta name=\"viewport\" content=\"width=device-width, "
                        "initial-scale=1\">\n<title>");
    troth_html_brief(w, origin, NAME_MAX);
    troth_write_text(w, " \xc2\xb7 transparency log</title>\n<style>");
    troth_write_text(w, style);
    troth_write_text(w, "</style>\n</head>\n<body>\n<header>\n"
                        "<p class=\"kind\">Transparency log</p>\n<h1>");
    write_name(w, origin);
    troth_write_text(w, "</h1>\n</header>\n<main>\n");
}

/* ---- the tree ---- */

static void write_root(struct troth_writer *w, const struct troth_log_hash *root)
{
    uint8_t text[48];
    struct troth_writer encoded = troth_writer_over(text, sizeof text);

    troth_base64_write(&encoded, (struct troth_span){root->bytes, sizeof root->bytes},
                       TROTH_BASE64);
    troth_write_text(w, "<dt>Root</dt><dd><code title=\"");
    troth_html_text(w, troth_writer_span(&encoded));
    troth_write_text(w, "\">");
    troth_html_brief(w, troth_writer_span(&encoded), SHORT_ROOT);
    troth_write_text(w, "</code></dd>\n");
}

static void write_age(struct troth_writer *w, int64_t since_s, int64_t now_s)
{
    troth_write_text(w, "<dt>Shown since</dt><dd>");
    troth_html_time(w, since_s);
    troth_write_text(w, ", ");
    if (now_s > since_s) {
        troth_html_duration(w, now_s - since_s);
        troth_write_text(w, " ago");
    } else {
        troth_write_text(w, "just now");
    }
    troth_write_text(w, "</dd>\n");
}

static void write_tree(struct troth_writer *w, const struct troth_log_serve *serve,
                       int64_t now_s)
{
    const struct troth_log_shown *shown = &serve->shown;

    troth_write_text(w, "<section aria-labelledby=\"tree\">\n<h2 id=\"tree\">Tree</h2>\n"
                        "<dl>\n<dt>Entries</dt><dd>");
    troth_html_count(w, shown->tree.size);
    troth_write_text(w, "</dd>\n");
    if (shown->is_good) {
        write_root(w, &shown->tree.root);
        write_age(w, shown->since_s, now_s);
        troth_write_text(w, "<dt>Signed</dt><dd><a href=\"/checkpoint\">checkpoint</a>"
                            "</dd>\n");
    }
    troth_write_text(w, "<dt>Verifier key</dt><dd><code>");
    troth_html_text(w, troth_span_of_text(serve->options.config->log_key));
    troth_write_text(w, "</code></dd>\n</dl>\n");
    if (!shown->len)
        troth_write_text(w, "<p class=\"none\">No checkpoint is shown yet.</p>\n");
    else if (!shown->is_good)
        troth_write_text(w,
                         "<p class=\"alone\">The checkpoint that lies here is not this "
                         "log\xe2\x80\x99s.</p>\n");
    troth_write_text(w, "</section>\n");
}

/* ---- witnesses ---- */

static size_t count_seen(const struct troth_log_shown *shown)
{
    size_t count = 0;

    for (size_t i = 0; i < TROTH_WITNESSES_MAX; i++)
        count += shown->seen_s[i] != 0;
    return count;
}

static void write_witness(struct troth_writer *w, const struct troth_log_witness *witness,
                          int64_t seen_s)
{
    troth_write_text(w, "<tr><th scope=\"row\">");
    write_name(w, witness->key.name);
    troth_write_text(w, "</th><td>");
    if (seen_s)
        troth_html_time(w, seen_s);
    else
        troth_write_text(w, "<span class=\"none\">not this checkpoint</span>");
    troth_write_text(w, "</td></tr>\n");
}

static void write_rule(struct troth_writer *w, const struct troth_log_config *config,
                       size_t seen)
{
    troth_write_text(w, "<p>");
    troth_html_count(w, seen);
    troth_write_text(w, " of ");
    troth_html_count(w, config->witness_count);
    troth_write_text(w, " cosigned this checkpoint; ");
    troth_html_count(w, config->needed);
    troth_write_text(w, " must before one is shown.</p>\n");
}

static void write_witnesses(struct troth_writer *w, const struct troth_log_serve *serve)
{
    const struct troth_log_config *config = serve->options.config;
    const size_t seen = count_seen(&serve->shown);

    troth_write_text(w, "<section aria-labelledby=\"witnesses\">\n"
                        "<h2 id=\"witnesses\">Witnesses</h2>\n");
    if (!seen)
        troth_write_text(w,
                         "<p class=\"alone\">Nobody but the log itself vouches for this "
                         "tree.</p>\n");
    if (config->witness_count) {
        write_rule(w, config, seen);
        troth_write_text(w, "<table>\n<thead><tr><th scope=\"col\">Witness</th>"
                            "<th scope=\"col\">Cosigned</th></tr></thead>\n<tbody>\n");
        for (size_t i = 0; i < config->witness_count; i++)
            write_witness(w, &config->witnesses[i], serve->shown.seen_s[i]);
        troth_write_text(w, "</tbody>\n</table>\n");
    }
    troth_write_text(w, "</section>\n");
}

/* ---- what it is worth ---- */

static void end(struct troth_writer *w, const struct troth_log_config *config)
{
    troth_write_text(
        w,
        "</main>\n<footer>\n<h2>What this page does not prove</h2>\n"
        "<p>It is only this server\xe2\x80\x99s word. An entry is in the log if its "
        "proof "
        "says so and the checkpoint in it is signed, and everybody sees the same log if "
        "witnesses you trust cosigned it. To check that, keep an entry\xe2\x80\x99s "
        "proof "
        "and run:</p>\n<pre>troth log verify --log &#39;");
    troth_html_text(w, troth_span_of_text(config->log_key));
    troth_write_text(w,
                     "&#39; INDEX.tlog-proof</pre>\n"
                     "<p>Names, times and words in entries are whatever those who wrote "
                     "them put there.</p>\n</footer>\n</body>\n</html>\n");
}

bool troth_log_page_write(struct troth_log_serve *serve, int64_t now_s)
{
    struct troth_writer w = troth_writer_over(serve->page, sizeof serve->page);

    begin(&w, serve->options.config);
    write_tree(&w, serve, now_s);
    write_witnesses(&w, serve);
    troth_log_page_entries(&w, serve);
    end(&w, serve->options.config);
    serve->page_len = w.full ? 0 : w.len;
    return !w.full;
}

/* ---- serving it ---- */

/* Whoever asks, it is made once a second at most. */
static bool is_fresh(const struct troth_log_serve *serve, int64_t now_s)
{
    return serve->page_len && serve->page_s == now_s &&
           troth_span_is_text(troth_span_of_text(serve->page_etag), serve->shown.etag);
}

static bool refresh(struct troth_log_serve *serve)
{
    const int64_t now_s = serve->options.clock();

    if (is_fresh(serve, now_s))
        return true;
    serve->page_s = now_s;
    for (size_t i = 0; i < sizeof serve->page_etag; i++)
        serve->page_etag[i] = serve->shown.etag[i];
    return troth_log_page_write(serve, now_s);
}

void troth_log_serve_page(const struct troth_log_asked *asked)
{
    struct troth_log_serve *serve = asked->serve;
    const int failed = troth_log_shown_renew(serve);
    char headers[HEADERS_ROOM];
    struct troth_writer w = troth_writer_over((uint8_t *)headers, sizeof headers - 1);

    if (failed) {
        troth_log_refuse_for(asked, failed);
        return;
    }
    if (!refresh(serve)) {
        troth_web_refuse(asked->call, 500, "this page is too long");
        return;
    }
    troth_write_text(&w, "cache-control: max-age=1\r\ncontent-security-policy: ");
    troth_write_text(&w, serve->page_policy);
    troth_write_text(&w, "\r\nreferrer-policy: no-referrer\r\n");
    headers[w.len] = '\0';
    troth_web_answer(asked->call, &(struct troth_web_answer){
                                      .status = 200,
                                      .content_type = "text/html; charset=utf-8",
                                      .headers = headers,
                                      .body = {serve->page, serve->page_len},
                                  });
}
