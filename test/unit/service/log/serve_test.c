/* SPDX-License-Identifier: Apache-2.0 */
#include "service/log/serve.h"

#include <errno.h>
#include <event2/event.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/span.h"
#include "service/log/serving.h"
#include "test/harness.h"
#include "test/support/web_client.h"
#include "troth/provider.h"

/* ---- a writer that tests can hold ---- */

enum { HELD_MAX = 64 };

static struct {
    void (*done)(void *state, uint64_t index, const struct troth_log_problem *problem);
    void *state;
} held[HELD_MAX];
static size_t held_count;
static int refuses;     /* what is put in, with this */
static char entry[128]; /* the last that came, and its sealed values */
static char sealed[128];
static struct troth_log_problem standing;

static void keep(char *out, size_t size, struct troth_span bytes)
{
    (void)snprintf(out, size, "%.*s", (int)bytes.len, (const char *)bytes.ptr);
}

int troth_log_submit(struct troth_log_writer *writer, const struct troth_log_item *item,
                     void (*done)(void *state, uint64_t index,
                                  const struct troth_log_problem *problem),
                     void *state)
{
    (void)writer;
    keep(entry, sizeof entry, item->entry);
    keep(sealed, sizeof sealed, item->sealed);
    if (refuses || held_count == HELD_MAX)
        return refuses ? refuses : EAGAIN;
    held[held_count].done = done;
    held[held_count++].state = state;
    return 0;
}

void troth_log_standing(struct troth_log_standing *out, struct troth_log_writer *writer)
{
    (void)writer;
    *out = (struct troth_log_standing){
        .next = 12, .is_leader = true, .problem = standing};
}

static struct troth_log_problem why;

static void *answer_all(void *unused)
{
    (void)unused;
    for (size_t i = 0; i < held_count; i++)
        held[i].done(held[i].state, 40 + i, why.failed ? &why : NULL);
    held_count = 0;
    return NULL;
}

/* From a thread of its own, as a writer does. */
static void answer_from_thread(void)
{
    pthread_t thread;

    CHECK_INT(pthread_create(&thread, NULL, answer_all, NULL), 0);
    CHECK_INT(pthread_join(thread, NULL), 0);
}

/* ---- the server ---- */

static char folder[] = "/tmp/serve_test.XXXXXX";
static struct event_base *base;
static struct troth_crypto crypto;
static struct troth_log_config config = {.origin = "example.com/log",
                                         .log_key = "example.com/log+00000000+AQ=="};
static struct troth_log_serve_options options;
static struct troth_address outside, inside;
static struct troth_log_serve *serve;

static int64_t tell_time(void)
{
    return 1777593600;
}

static char made[16][128]; /* to be removed, the last one first */
static size_t made_count;

static const char *name_path(const char *name)
{
    char *path = made[made_count++];

    (void)snprintf(path, sizeof *made, "%s/%s", folder, name);
    return path;
}

static void write_text(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");

    CHECK(file && fputs(text, file) >= 0 && fclose(file) == 0);
}

static void make_file(const char *name, const char *text)
{
    write_text(name_path(name), text);
}

static void make_folder(const char *name)
{
    CHECK_INT(mkdir(name_path(name), 0700), 0);
}

static void make_link(const char *name, const char *to)
{
    CHECK_INT(symlink(to, name_path(name)), 0);
}

static void make_log(void)
{
    char hashes[33] = "";

    CHECK(mkdtemp(folder));
    make_file("key.pem", "SECRET");
    make_folder("public");
    make_folder("public/tile");
    make_folder("public/tile/0");
    make_folder("public/tile/0/000.p");
    make_folder("public/tile/entries");
    memset(hashes, 'h', 32);
    make_file("public/tile/0/000.p/1", hashes);
    make_file("public/tile/0/001", "too short for a tile");
    make_link("public/tile/0/002", "../../../key.pem");
    make_link("public/tile/1", "0");
    make_file("public/checkpoint", "none of ours\n");
}

/* ---- requests ---- */

static char heard[16 * 1024 + 1];

static const char *ask(const struct troth_address *at, const char *text)
{
    const int one = web_join(base, at);

    web_say(base, one, text, SIZE_MAX);
    (void)shutdown(one, SHUT_WR);
    if (held_count)
        answer_from_thread();
    heard[web_hear(base, one, heard, sizeof heard - 1, 2000)] = '\0';
    (void)close(one);
    web_turn(base);
    return heard;
}

#define HEAD(line) line " HTTP/1.1\r\nHost: x\r\n"
#define GET(path)  HEAD("GET " path) "\r\n"
#define POST(more) HEAD("POST /append") more

/* clang-format off */
static const struct {
    const char *why;
    const char *sent;
    bool is_inside;
    const char *status;
    const char *has;
} rows[] = {
    {"what is shown", GET("/checkpoint"), false, "200", "content-type: text/plain; charset=utf-8\r\n"},
    {"and how long", GET("/checkpoint"), false, "200", "cache-control: max-age=1\r\netag: \""},
    {"its head", HEAD("HEAD /checkpoint") "\r\n", false, "200", "content-length: 13\r\n"},
    {"inside, too", GET("/checkpoint"), true, "200", "none of ours\n"},
    {"with a question", GET("/checkpoint?a"), false, "200", "none of ours\n"},
    {"a tile", GET("/tile/0/000.p/1"), false, "200", "cache-control: public, max-age=31536000, immutable\r\n"},
    {"its type", GET("/tile/0/000.p/1"), false, "200", "content-type: application/octet-stream\r\ncontent-length: 32\r\n"},
    {"one that is not there", GET("/tile/0/000.p/2"), false, "404", "cache-control: no-store\r\n"},
    {"one of another length", GET("/tile/0/001"), false, "500", "cannot be read\n"},
    {"a link is no tile", GET("/tile/0/002"), false, "404", NULL},
    {"nor is what lies behind one", GET("/tile/1/000.p/1"), false, "404", NULL},
    {"a level that no log has", GET("/tile/8/000"), false, "404", NULL},
    {"another way to write it", GET("/tile/00/000"), false, "404", NULL},
    {"upwards", GET("/tile/../../key.pem"), false, "404", NULL},
    {"upwards at once", GET("/../key.pem"), false, "404", NULL},
    {"upwards, hidden", GET("/tile/%2e%2e/%2e%2e/key.pem"), false, "404", NULL},
    {"twice the same", GET("//checkpoint"), false, "404", NULL},
    {"the key", GET("/key.pem"), false, "404", NULL},
    {"a folder", GET("/tile/0"), false, "404", NULL},
    {"no path", GET("*"), false, "404", NULL},
    {"proof of a tree that nobody signed", GET("/proof/0"), false, "500", NULL},
    {"proof of nothing", GET("/proof/"), false, "404", NULL},
    {"proof, written otherwise", GET("/proof/00"), false, "404", NULL},
    {"another method", HEAD("DELETE /checkpoint") "\r\n", false, "405", "allow: GET, HEAD\r\n"},
    {"is it well", GET("/health"), true, "503", "{\"origin\":\"example.com/log\",\"size\":0,\"next\":12,\"leads\":true,\"healthy\":false}\n"},
    {"a page", GET("/"), false, "200", "lies here is not this log\xe2\x80\x99s."},
    {"its rules", GET("/"), false, "200", "\r\ncontent-security-policy: default-src 'none'; style-src 'sha256-"},

    {"no entries come in outside", POST("Content-Length: 1\r\n\r\na"), false, "404", NULL},
    {"nor are they read there", GET("/append"), false, "404", NULL},
    {"they are not read inside", GET("/append"), true, "405", "allow: POST\r\n"},
    {"an entry", POST("Content-Length: 3\r\n\r\nabc"), true, "200", "{\"index\":40}\n"},
    {"of nothing", POST("\r\n"), true, "400", "an entry is not empty\n"},
    {"from a page in a browser", POST("Origin: http://x\r\nContent-Length: 1\r\n\r\na"), true, "403", NULL},
    {"as JSON", POST("Content-Type: application/json\r\nContent-Length: 32\r\n\r\n{\"entry\":\"eA==\",\"sealed\":\"eXl6\"}"), true, "200", "{\"index\":40}\n"},
    {"escaped in JSON", POST("Content-Type: application/json\r\nContent-Length: 24\r\n\r\n{\"entry\":\"\\u0065A==\"   }"), true, "200", "{\"index\":40}\n"},
    {"no base64", POST("Content-Type: application/json\r\nContent-Length: 14\r\n\r\n{\"entry\":\"eA\"}"), true, "400", "entry: "},
    {"no entry in it", POST("Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"), true, "400", "entry: "},
    {"something else in it", POST("Content-Type: application/json\r\nContent-Length: 24\r\n\r\n{\"entry\":\"eA==\",\"a\":\"b\"}"), true, "400", "body: "},
    {"no JSON", POST("Content-Type: application/json\r\nContent-Length: 3\r\n\r\nabc"), true, "400", "body: "},
    {"beyond all bounds", POST("Content-Length: 1000000\r\n\r\n"), true, "413", NULL},
};

/* How a writer's refusals are told. */
static const struct {
    int failed;
    const char *status;
    const char *has;
} refusals[] = {
    {EAGAIN, "503", "retry-after: 1\r\n"},
    {ESHUTDOWN, "503", "this log is being closed\n"},
    {ESTALE, "503", "why?it failed\n"},
    {ENOSPC, "507", "why?it failed\n"},
    {EFBIG, "507", "why?it failed\n"}, /* the file's limit, not the entry's */
    {EROFS, "500", "why?it failed\n"},
    {EIO, "500", "why?it failed\n"},
    {EBADMSG, "500", "why?it failed\n"},
};
/* clang-format on */

static void check(const char *status, const char *has)
{
    char line[16], wanted[16];

    (void)snprintf(wanted, sizeof wanted, "HTTP/1.1 %s", status);
    (void)snprintf(line, sizeof line, "%.12s", heard);
    CHECK_TEXT(line, wanted);
    if (has && !CHECK(strstr(heard, has)))
        printf("# %s\n", heard);
    CHECK(!strstr(heard, "SECRET"));
}

static void read_rows(void)
{
    for (size_t i = 0; i < COUNT(rows); i++) {
        test_case("%s", rows[i].why);
        (void)ask(rows[i].is_inside ? &inside : &outside, rows[i].sent);
        check(rows[i].status, rows[i].has);
    }
}

static void know_already(void)
{
    char text[256], etag[64] = "";
    const char *at = strstr(ask(&outside, GET("/checkpoint")), "etag: ");

    test_case("who has the checkpoint is only told so");
    CHECK(at && sscanf(at, "etag: %60s", etag) == 1);
    (void)snprintf(text, sizeof text, HEAD("GET /checkpoint") "If-None-Match: %s\r\n\r\n",
                   etag);
    (void)ask(&outside, text);
    check("304", etag);
    CHECK(!strstr(heard, "none of ours"));
    test_case("until there is another");
    write_text(made[made_count - 1], "another one!\n");
    (void)ask(&outside, text);
    check("200", "another one!\n");
}

static void take_what_came(void)
{
    test_case("entries reach the writer as they were sent");
    (void)ask(&inside, POST("Content-Length: 3\r\n\r\nabc"));
    CHECK_TEXT(entry, "abc");
    CHECK_TEXT(sealed, "");
    (void)ask(&inside, POST("Content-Type: application/json\r\nContent-Length: 32\r\n\r\n"
                            "{\"entry\":\"eA==\",\"sealed\":\"eXl6\"}"));
    CHECK_TEXT(entry, "x");
    CHECK_TEXT(sealed, "yyz");
}

static void tell_why(void)
{
    for (size_t i = 0; i < COUNT(refusals); i++) {
        test_case("a refusal of %d", refusals[i].failed);
        why = (struct troth_log_problem){refusals[i].failed, "why\nit failed"};
        (void)ask(&inside, POST("Content-Length: 1\r\n\r\na"));
        check(refusals[i].status, refusals[i].has);
    }
    why.failed = 0;
    test_case("refused at once");
    refuses = EAGAIN;
    (void)ask(&inside, POST("Content-Length: 1\r\n\r\na"));
    check("503", "too many entries are waiting");
    refuses = EFBIG;
    (void)ask(&inside, POST("Content-Length: 1\r\n\r\na"));
    check("413", "at most 65535 bytes");
    refuses = 0;
}

/* Files of this machine are for who is inside. */
static void tell_health(void)
{
    test_case("what is wrong is said inside alone");
    standing = (struct troth_log_problem){EIO, "cannot read '/secret'"};
    CHECK(!strstr(ask(&outside, GET("/health")), "/secret"));
    CHECK(strstr(ask(&inside, GET("/health")), "\"problem\":\"cannot read '/secret'\""));
    standing.failed = 0;
}

static void answer_many(void)
{
    enum { MANY = 32 };
    int all[MANY];
    size_t heard_of = 0;

    test_case("many at once, of whom some are gone");
    for (size_t i = 0; i < MANY; i++) {
        all[i] = web_join(base, &inside);
        web_say(base, all[i], POST("Content-Length: 1\r\n\r\na"), SIZE_MAX);
    }
    for (int i = 0; i < 10; i++)
        web_turn(base);
    CHECK_INT(held_count, MANY);
    for (size_t i = 0; i < MANY; i += 4) {
        const struct linger at_once = {1, 0};

        (void)setsockopt(all[i], SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
        (void)close(all[i]);
        all[i] = -1;
    }
    for (int i = 0; i < 10; i++)
        web_turn(base);
    answer_from_thread();
    for (size_t i = 0; i < MANY; i++) {
        char wanted[32];

        if (all[i] < 0)
            continue;
        (void)snprintf(wanted, sizeof wanted, "{\"index\":%zu}\n", 40 + i);
        heard[web_hear(base, all[i], heard, sizeof heard - 1, 20)] = '\0';
        heard_of += strstr(heard, wanted) != NULL;
        (void)close(all[i]);
    }
    CHECK_INT(heard_of, MANY - MANY / 4);
}

/* Whichever of the two is closed first. */
static void close_early(void)
{
    const int one = web_join(base, &inside), two = web_join(base, &inside);

    test_case("no more entries, but those that are under way");
    web_say(base, one, POST("Content-Length: 1\r\n\r\na"), SIZE_MAX);
    web_turn(base);
    CHECK_INT(held_count, 1);
    troth_log_serve_end_writing(serve);
    web_say(base, two, POST("Content-Length: 1\r\n\r\na"), SIZE_MAX);
    heard[web_hear(base, two, heard, sizeof heard - 1, 50)] = '\0';
    check("503", "this log is being closed");
    answer_from_thread();
    heard[web_hear(base, one, heard, sizeof heard - 1, 50)] = '\0';
    check("200", "{\"index\":40}");
    (void)close(one);
    (void)close(two);
    troth_log_serve_close(serve);
}

static void close_first(void)
{
    int one;

    test_case("closed before the writer has answered");
    CHECK_ERR(troth_log_serve_open(&serve, &options), TROTH_OK);
    one = web_join(base, &inside);
    web_say(base, one, POST("Content-Length: 1\r\n\r\na"), SIZE_MAX);
    web_turn(base);
    CHECK_INT(held_count, 1);
    troth_log_serve_close(serve);
    CHECK(web_hears_end(base, one, 1000));
    answer_from_thread(); /* to nobody */
    (void)close(one);
}

static void only_read(void)
{
    test_case("without a writer");
    options.writer = NULL;
    CHECK_ERR(troth_log_serve_open(&serve, &options), TROTH_OK);
    (void)ask(&inside, POST("Content-Length: 1\r\n\r\na"));
    check("403", "this server only reads the log\n");
    (void)ask(&inside, GET("/health"));
    check("503", "\"size\":0,\"healthy\":false}");
    troth_log_serve_close(serve);
    troth_log_serve_close(NULL);

    test_case("no public folder");
    options.folder = "/nonexistent";
    CHECK_ERR(troth_log_serve_open(&serve, &options), TROTH_ERR_MISSING);
    CHECK(!serve);
}

int main(void)
{
    const struct sigaction ignore = {.sa_handler = SIG_IGN};

    test_case("it opens");
    make_log();
    base = event_base_new();
    CHECK(base && sigaction(SIGPIPE, &ignore, NULL) == 0);
    CHECK_ERR(troth_provider_create(&crypto), TROTH_OK);
    options = (struct troth_log_serve_options){
        .base = base,
        .folder = folder,
        .config = &config,
        .crypto = &crypto,
        .writer = (struct troth_log_writer *)(void *)&standing, /* anything but NULL */
        .outside = web_listen(&outside),
        .inside = web_listen(&inside),
        .clock = tell_time};
    CHECK_ERR(troth_log_serve_open(&serve, &options), TROTH_OK);
    read_rows();
    know_already();
    take_what_came();
    tell_why();
    tell_health();
    answer_many();
    close_early();
    close_first();
    only_read();
    (void)close(options.outside);
    (void)close(options.inside);
    event_base_free(base);
    troth_provider_destroy(&crypto);
    while (made_count)
        CHECK_INT(remove(made[--made_count]), 0);
    CHECK_INT(rmdir(folder), 0);
    return test_finish();
}
