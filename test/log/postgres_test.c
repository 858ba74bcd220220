/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "log/sequence.h"
#include "os/clock.h"
#include "test/contract/postgres_server.h"
#include "test/harness.h"

/* Several processes, one log, and a server that dies: what troth/log's order promises
 * when it is kept in PostgreSQL. */

static struct troth_log_problem problem;
static char origin[64];

static void next_log(void)
{
    static unsigned logs;

    (void)snprintf(origin, sizeof origin, "postgres.example/%u", ++logs);
}

static struct troth_sequence *open_log(bool create)
{
    struct troth_sequence *sequence = NULL;
    const int failed = troth_sequence_open_postgres(
        &sequence, &problem, postgres_server_conninfo(), origin, create);

    if (!CHECK_INT(failed, 0))
        printf("# %s\n", problem.text);
    return sequence;
}

static int append_number(struct troth_sequence *sequence, uint64_t *out_first,
                         unsigned long long number)
{
    char text[32];
    struct troth_log_item item;

    (void)snprintf(text, sizeof text, "%llu", number);
    item = (struct troth_log_item){test_text(text), {NULL, 0}};
    return sequence->ops->append(sequence, &problem, out_first, &item, 1);
}

static int append_many(struct troth_sequence *sequence, unsigned count)
{
    uint64_t first;
    int failed = 0;

    for (unsigned i = 0; i < count && !failed; i++)
        failed = append_number(sequence, &first, i);
    return failed;
}

static int sign(struct troth_sequence *sequence, uint64_t size)
{
    return sequence->ops->sign(sequence, &problem, size, TROTH_LITERAL("a note\n"));
}

static uint64_t signed_at(struct troth_sequence *sequence)
{
    struct troth_sequence_state state;

    CHECK_INT(sequence->ops->state(sequence, &problem, &state), 0);
    return state.signed_at;
}

static void sleep_ms(long ms)
{
    (void)nanosleep(&(struct timespec){ms / 1000, ms % 1000 * 1000000}, NULL);
}

/* ---- another process ---- */

struct other {
    pid_t process;
    int say, hear; /* numbers go both ways */
};

static void say(int to, uint64_t number)
{
    if (write(to, &number, sizeof number) != sizeof number)
        _exit(3);
}

static bool hear(int from, uint64_t *number)
{
    return read(from, number, sizeof *number) == sizeof *number;
}

static struct other start(void (*body)(struct troth_sequence *sequence, int say,
                                       int hear))
{
    struct troth_sequence *sequence = NULL;
    int there[2], back[2];
    struct other other;

    (void)fflush(stdout);
    if (pipe(there) != 0 || pipe(back) != 0)
        abort();
    other = (struct other){fork(), there[1], back[0]};
    if (other.process == 0) {
        (void)close(there[1]);
        (void)close(back[0]);
        if (troth_sequence_open_postgres(&sequence, &problem, postgres_server_conninfo(),
                                         origin, false) != 0)
            _exit(2);
        body(sequence, back[1], there[0]);
        _exit(0);
    }
    (void)close(there[0]);
    (void)close(back[1]);
    return other;
}

static void end(struct other *other, int signal)
{
    if (signal)
        (void)kill(other->process, signal);
    (void)close(other->say);
    (void)waitpid(other->process, NULL, 0);
    (void)close(other->hear);
}

/* Leads, says so, and signs what it is told to. */
static void be_leader(struct troth_sequence *sequence, int out, int in)
{
    uint64_t size;

    say(out, (uint64_t)sequence->ops->lead(sequence, &problem));
    while (hear(in, &size))
        say(out, (uint64_t)sign(sequence, size));
}

static uint64_t ask(const struct other *other, uint64_t size)
{
    uint64_t answer = UINT64_MAX;

    say(other->say, size);
    CHECK(hear(other->hear, &answer));
    return answer;
}

/* ---- who leads ---- */

static int64_t lead_within(struct troth_sequence *sequence, int64_t most_ms)
{
    const int64_t since = troth_clock_monotonic_ms();
    int failed = EBUSY;

    while (failed == EBUSY && troth_clock_monotonic_ms() - since < most_ms) {
        failed = sequence->ops->lead(sequence, &problem);
        if (failed)
            sleep_ms(10);
    }
    CHECK_INT(failed, 0);
    return troth_clock_monotonic_ms() - since;
}

static void test_takeover(void)
{
    struct troth_sequence *sequence;
    struct other leader;
    uint64_t answer = 1;

    test_case("a leader that is killed is succeeded within two seconds");
    next_log();
    sequence = open_log(true);
    CHECK_INT(append_many(sequence, 30), 0);
    leader = start(be_leader);
    CHECK(hear(leader.hear, &answer) && answer == 0);
    CHECK_INT(ask(&leader, 10), 0);
    CHECK_INT(sequence->ops->lead(sequence, &problem), EBUSY);
    CHECK_INT(problem.failed, EBUSY);
    CHECK_INT(sign(sequence, 20), ESTALE);
    end(&leader, SIGKILL);
    CHECK(lead_within(sequence, 2000) < 2000);
    CHECK_INT(signed_at(sequence), 10);
    CHECK_INT(sign(sequence, 9), EBADMSG);
    CHECK_INT(sign(sequence, 20), 0);

    test_case("one that gives it up is, too");
    leader = start(be_leader);
    CHECK(hear(leader.hear, &answer) && answer == EBUSY);
    end(&leader, 0);
    sequence->ops->close(sequence);
    leader = start(be_leader);
    CHECK(hear(leader.hear, &answer) && answer == 0);
    end(&leader, 0);
}

static void test_waking(void)
{
    struct troth_sequence *sequence;
    struct other leader;
    uint64_t answer = 1;

    test_case("a leader that wakes up after its succession signs nothing");
    next_log();
    sequence = open_log(true);
    CHECK_INT(append_many(sequence, 30), 0);
    leader = start(be_leader);
    CHECK(hear(leader.hear, &answer) && answer == 0);
    CHECK_INT(ask(&leader, 10), 0);
    (void)kill(leader.process, SIGSTOP);
    CHECK_INT(sequence->ops->lead(sequence, &problem), EBUSY);
    CHECK(postgres_server_do("SELECT pg_terminate_backend(pid) FROM pg_locks"
                             " WHERE locktype = 'advisory'"));
    (void)lead_within(sequence, 5000);
    CHECK_INT(sign(sequence, 15), 0);
    (void)kill(leader.process, SIGCONT);
    CHECK_INT(ask(&leader, 20), ESTALE);
    CHECK_INT(ask(&leader, 20), ESTALE);
    CHECK_INT(signed_at(sequence), 15);
    end(&leader, 0);

    test_case("nor does one whose lock is there but whose epoch is over");
    CHECK(postgres_server_do("UPDATE troth.log_state SET epoch = epoch + 1"));
    CHECK_INT(sign(sequence, 20), ESTALE);
    CHECK_INT(problem.failed, ESTALE);
    CHECK_INT(signed_at(sequence), 15);
    CHECK_INT(sequence->ops->lead(sequence, &problem), 0);
    CHECK_INT(sign(sequence, 20), 0);

    test_case("leading one log is not leading another");
    next_log();
    leader = (struct other){0};
    sequence->ops->close(sequence);
    sequence = open_log(true);
    leader = start(be_leader);
    CHECK(hear(leader.hear, &answer) && answer == 0);
    next_log();
    sequence->ops->close(sequence);
    sequence = open_log(true);
    CHECK_INT(sequence->ops->lead(sequence, &problem), 0);
    end(&leader, 0);
    sequence->ops->close(sequence);
}

/* ---- several who append ---- */

enum { WRITERS = 3, APPENDS = 120 };

/* Numbers from a thousand times its own on; one, two, … at once. */
static void append_own(struct troth_sequence *sequence, int out, int in)
{
    char texts[5][32];
    struct troth_log_item items[5];
    uint64_t own = 0, number, first;
    int failed = 0;

    if (!hear(in, &own))
        _exit(4);
    number = own * 1000;
    for (unsigned i = 0; i < APPENDS && !failed; i++) {
        const size_t count = 1 + i % 5;

        for (size_t k = 0; k < count; k++) {
            (void)snprintf(texts[k], sizeof texts[k], "%llu",
                           (unsigned long long)number++);
            items[k] = (struct troth_log_item){test_text(texts[k]), {NULL, 0}};
        }
        failed = sequence->ops->append(sequence, &problem, &first, items, count);
    }
    say(out, failed ? 0 : number - own * 1000);
}

struct collected {
    unsigned long long numbers[20000];
    size_t count;
};
static struct collected collected;

static int collect(void *state, uint64_t index, struct troth_span entry)
{
    char text[32] = "";

    (void)state;
    if (index != collected.count || index == COUNT(collected.numbers) || entry.len > 31)
        return ERANGE;
    memcpy(text, entry.ptr, entry.len);
    collected.numbers[collected.count++] = strtoull(text, NULL, 10);
    return 0;
}

static void read_all(struct troth_sequence *sequence)
{
    collected.count = 0;
    CHECK_INT(sequence->ops->read(sequence, &problem, 0, UINT64_MAX, collect, NULL), 0);
}

static void test_writers(void)
{
    struct troth_sequence *sequence;
    struct other writers[WRITERS];
    uint64_t total = 0, next[WRITERS] = {0};
    bool is_wrong = false;

    test_case("several append at once: each index once, and each writer in its order");
    next_log();
    sequence = open_log(true);
    for (uint64_t i = 0; i < WRITERS; i++)
        writers[i] = start(append_own);
    for (uint64_t i = 0; i < WRITERS; i++)
        say(writers[i].say, i);
    for (uint64_t i = 0; i < WRITERS; i++) {
        uint64_t count = 0;

        CHECK(hear(writers[i].hear, &count) && count == (uint64_t)APPENDS * 3);
        total += count;
        end(&writers[i], 0);
    }
    read_all(sequence);
    CHECK_INT(collected.count, total);
    for (size_t i = 0; i < collected.count; i++) {
        const unsigned long long writer = collected.numbers[i] / 1000;

        if (writer >= WRITERS || collected.numbers[i] % 1000 != next[writer]++)
            is_wrong = true;
    }
    CHECK(!is_wrong);
    sequence->ops->close(sequence);
}

/* ---- a server that dies ---- */

/* New numbers for ever; those that were acknowledged are said with their index. */
static void append_through(struct troth_sequence *sequence, int out, int in)
{
    (void)in;
    for (uint64_t number = 1;; number++) {
        uint64_t index = 0;
        const int failed = append_number(sequence, &index, number);

        if (failed && failed != EIO && failed != EHOSTUNREACH)
            _exit(5);
        if (failed) {
            sleep_ms(5);
            continue;
        }
        say(out, index);
        say(out, number);
        sleep_ms(1); /* all of them have room in the pipe */
    }
}

static size_t check_acknowledged(int from)
{
    uint64_t index = 0, number = 0;
    size_t count = 0;
    bool is_wrong = false;

    while (hear(from, &index) && hear(from, &number)) {
        if (index >= collected.count || collected.numbers[index] != number)
            is_wrong = true;
        count++;
    }
    CHECK(!is_wrong);
    return count;
}

static void test_crashes(void)
{
    struct troth_sequence *sequence;
    struct other writer;
    bool is_repeated = false;
    size_t count;

    test_case("a server that is killed loses nothing that was acknowledged");
    next_log();
    sequence = open_log(true);
    writer = start(append_through);
    for (long i = 0; i < 4; i++) {
        sleep_ms(150 + 70 * i);
        postgres_server_kill();
        CHECK(postgres_server_restart());
    }
    sleep_ms(200);
    (void)kill(writer.process, SIGKILL);
    read_all(sequence);
    count = check_acknowledged(writer.hear);
    printf("# %zu entries acknowledged, %zu in the log\n", count, collected.count);
    CHECK(count > 100);
    for (size_t i = 1; i < collected.count; i++)
        is_repeated |= collected.numbers[i] <= collected.numbers[i - 1];
    CHECK(!is_repeated);
    end(&writer, 0);

    test_case("a connection that was lost while nothing was asked is opened again");
    CHECK_INT(append_many(sequence, 1), 0);
    CHECK_INT(sequence->ops->lead(sequence, &problem), 0);
    postgres_server_kill();
    CHECK(postgres_server_restart());
    CHECK_INT(append_many(sequence, 1), 0);
    CHECK_INT(sign(sequence, 1), ESTALE);
    CHECK_INT(sequence->ops->lead(sequence, &problem), 0);
    CHECK_INT(sign(sequence, 1), 0);

    test_case("no server at all");
    postgres_server_kill();
    sleep_ms(300); /* its processes end by themselves */
    CHECK_INT(append_many(sequence, 1), EHOSTUNREACH);
    CHECK(strstr(problem.text, "PostgreSQL: ") == problem.text);
    CHECK(postgres_server_restart());
    CHECK_INT(append_many(sequence, 1), 0);
    sequence->ops->close(sequence);
}

static void test_standstill(void)
{
    const int64_t since = troth_clock_monotonic_ms();
    struct troth_sequence *sequence;
    char conninfo[300];

    test_case("a server that does not answer is not waited for");
    (void)snprintf(conninfo, sizeof conninfo, "%s connect_timeout=2",
                   postgres_server_conninfo());
    postgres_server_freeze();
    CHECK_INT(troth_sequence_open_postgres(&sequence, &problem, conninfo, origin, false),
              EHOSTUNREACH);
    CHECK(!sequence);
    postgres_server_thaw();
    CHECK(troth_clock_monotonic_ms() - since < 6000);
}

/* ---- what a database may have been told ---- */

static void test_conninfo(void)
{
    static const struct {
        const char *why, *conninfo;
        int failed;
    } rows[] = {
        {"no conninfo", "=", EINVAL},
        {"an option that does not exist", "host=/nowhere color=blue", EINVAL},
        {"a password, which others would read", "host=/nowhere password=secret", EINVAL},
        {"one of a key", "host=/nowhere sslpassword=secret", EINVAL},
        {"the same in a URL", "postgresql://troth:secret@localhost/postgres", EINVAL},
        {"nobody there", "host=/nonexistent", EHOSTUNREACH},
    };
    char conninfo[300];
    struct troth_sequence *sequence;

    for (size_t i = 0; i < COUNT(rows); i++) {
        test_case("conninfo: %s", rows[i].why);
        CHECK_INT(troth_sequence_open_postgres(&sequence, &problem, rows[i].conninfo,
                                               origin, true),
                  rows[i].failed);
        CHECK(!sequence && problem.failed == rows[i].failed);
        CHECK(problem.text[0] && !strstr(problem.text, "secret"));
    }
    test_case("a database without tables");
    CHECK(postgres_server_do("CREATE DATABASE bare"));
    (void)snprintf(conninfo, sizeof conninfo, "%s dbname=bare",
                   postgres_server_conninfo());
    CHECK_INT(troth_sequence_open_postgres(&sequence, &problem, conninfo, origin, false),
              ENOENT);

    test_case("one that knows no such log");
    next_log();
    CHECK_INT(troth_sequence_open_postgres(&sequence, &problem,
                                           postgres_server_conninfo(), origin, false),
              ENOENT);
}

/* A trigger sees how the transaction stands that puts entries. */
static void test_settings(void)
{
    struct troth_sequence *sequence;

    test_case("what a role is told does not make commits less, or names others'");
    CHECK(postgres_server_do(
        "CREATE SCHEMA foreign_words; "
        "CREATE FUNCTION foreign_words.substr(bytea, int, int) RETURNS bytea"
        " LANGUAGE sql AS $$ SELECT NULL::bytea $$; "
        "ALTER ROLE troth SET search_path = foreign_words, pg_catalog; "
        "ALTER ROLE troth SET default_transaction_isolation = 'serializable'; "
        "ALTER ROLE troth SET synchronous_commit = off"));
    CHECK(postgres_server_do(
        "CREATE FUNCTION troth.look() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " IF current_setting('synchronous_commit') <> 'on'"
        " OR current_setting('search_path') <> 'pg_catalog'"
        " OR current_setting('transaction_isolation') <> 'read committed'"
        " OR current_setting('statement_timeout') = '0'"
        " THEN RAISE EXCEPTION 'not as it was settled'; END IF; RETURN NEW; END $$; "
        "CREATE TRIGGER look BEFORE INSERT ON troth.log_entry"
        " FOR EACH ROW EXECUTE FUNCTION troth.look()"));
    next_log();
    sequence = open_log(true);
    CHECK_INT(append_many(sequence, 1), 0);
    CHECK_INT(sequence->ops->lead(sequence, &problem), 0);
    CHECK_INT(sign(sequence, 1), 0);
    sequence->ops->close(sequence);
    CHECK(postgres_server_do("DROP TRIGGER look ON troth.log_entry; ALTER ROLE troth"
                             " RESET ALL"));

    test_case("a server that does not sync is refused");
    CHECK(postgres_server_do("ALTER SYSTEM SET fsync = off"));
    CHECK(postgres_server_do("SELECT pg_reload_conf()"));
    sleep_ms(300);
    CHECK_INT(troth_sequence_open_postgres(&sequence, &problem,
                                           postgres_server_conninfo(), origin, true),
              EINVAL);
    CHECK(strstr(problem.text, "fsync") != NULL);
    CHECK(postgres_server_do("ALTER SYSTEM RESET fsync"));
    CHECK(postgres_server_do("SELECT pg_reload_conf()"));
    sleep_ms(300);
}

static void test_refusals(void)
{
    struct troth_sequence *sequence;
    uint64_t first = 9;

    next_log();
    sequence = open_log(true);
    test_case("a refusal is known for one, and leaves no gap");
    CHECK_INT(append_many(sequence, 1), 0);
    CHECK(postgres_server_do(
        "CREATE FUNCTION troth.full_disk() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE EXCEPTION 'disk full' USING ERRCODE = '53100'; END $$; "
        "CREATE TRIGGER full_disk BEFORE INSERT ON troth.log_entry"
        " FOR EACH ROW EXECUTE FUNCTION troth.full_disk()"));
    CHECK_INT(append_number(sequence, &first, 1), ENOSPC);
    CHECK_INT(first, 0);
    CHECK_TEXT(problem.text, "PostgreSQL: disk full");
    CHECK(postgres_server_do("DROP TRIGGER full_disk ON troth.log_entry"));
    CHECK_INT(append_number(sequence, &first, 1), 0);
    CHECK_INT(first, 1);

    test_case("one that comes with the commit, behind the answer, is one");
    CHECK(postgres_server_do(
        "CREATE CONSTRAINT TRIGGER late AFTER INSERT ON troth.log_entry"
        " DEFERRABLE INITIALLY DEFERRED"
        " FOR EACH ROW EXECUTE FUNCTION troth.full_disk()"));
    CHECK_INT(append_number(sequence, &first, 2), ENOSPC);
    CHECK_INT(first, 0);
    CHECK(postgres_server_do("DROP TRIGGER late ON troth.log_entry"));
    CHECK_INT(append_number(sequence, &first, 2), 0);
    CHECK_INT(first, 2);

    test_case("a database that is read only");
    CHECK(postgres_server_do("ALTER ROLE troth SET default_transaction_read_only = on"));
    sequence->ops->close(sequence);
    CHECK_INT(troth_sequence_open_postgres(&sequence, &problem,
                                           postgres_server_conninfo(), origin, false),
              0);
    CHECK_INT(append_number(sequence, &first, 3), EROFS);
    read_all(sequence);
    CHECK_INT(collected.count, 3);
    sequence->ops->close(sequence);
    CHECK(postgres_server_do("SET TRANSACTION READ WRITE; "
                             "ALTER ROLE troth RESET ALL"));
}

static void test_damage(void)
{
    struct troth_sequence *sequence;
    struct troth_sequence_state state;
    uint64_t first;

    next_log();
    sequence = open_log(true);
    CHECK_INT(append_many(sequence, 600), 0);
    test_case("an entry that is gone");
    CHECK(postgres_server_do("DELETE FROM troth.log_entry WHERE idx = 300"));
    collected.count = 0;
    CHECK_INT(sequence->ops->read(sequence, &problem, 0, 600, collect, NULL), EBADMSG);
    CHECK_INT(collected.count, 300);
    CHECK(strstr(problem.text, "300") != NULL);

    test_case("the last one is gone");
    CHECK(postgres_server_do("DELETE FROM troth.log_entry WHERE idx = 599"));
    collected.count = 500;
    CHECK_INT(sequence->ops->read(sequence, &problem, 500, 600, collect, NULL), EBADMSG);
    CHECK_INT(collected.count, 599);

    test_case("an entry is in the place of one to come");
    CHECK(
        postgres_server_do("INSERT INTO troth.log_entry SELECT log, 600, '' FROM"
                           " troth.log_entry WHERE idx = 598 ORDER BY log DESC LIMIT 1"));
    CHECK_INT(append_number(sequence, &first, 1), EBADMSG);

    test_case("the log is gone");
    CHECK(postgres_server_do("DELETE FROM troth.log_state"));
    CHECK_INT(append_number(sequence, &first, 1), EBADMSG);
    CHECK_INT(sequence->ops->state(sequence, &problem, &state), EBADMSG);
    CHECK_INT(sequence->ops->lead(sequence, &problem), EBADMSG);
    CHECK_INT(sign(sequence, 1), ESTALE);
    sequence->ops->close(sequence);
}

static void test_locked_row(void)
{
    struct troth_sequence *sequence;
    const int64_t since = troth_clock_monotonic_ms();
    uint64_t first;
    pid_t holder;

    test_case("somebody holds the log's row and does not go on");
    next_log();
    sequence = open_log(true);
    CHECK_INT(append_many(sequence, 1), 0);
    (void)fflush(stdout);
    holder = fork();
    if (holder == 0)
        _exit(!postgres_server_do("UPDATE troth.log_state SET epoch = epoch; "
                                  "SELECT pg_sleep(7)"));
    sleep_ms(500);
    CHECK_INT(append_number(sequence, &first, 1), ETIMEDOUT);
    CHECK(troth_clock_monotonic_ms() - since < 8000);
    (void)waitpid(holder, NULL, 0);
    CHECK_INT(append_number(sequence, &first, 1), 0);
    CHECK_INT(first, 1);
    sequence->ops->close(sequence);
}

int main(void)
{
    struct troth_sequence *sequence = NULL;
    const char *why_not;

    (void)signal(SIGPIPE, SIG_IGN);
    if (troth_sequence_open_postgres(&sequence, &problem, "=", "x", false) == ENOSYS)
        why_not = "this build is without PostgreSQL";
    else
        why_not = postgres_server_start();
    if (why_not) {
        test_case("several processes and one log in PostgreSQL");
        test_skip("%s", why_not);
    } else {
        test_takeover();
        test_waking();
        test_writers();
        test_crashes();
        test_standstill();
        test_conninfo();
        test_settings();
        test_refusals();
        test_locked_row();
        test_damage();
    }
    postgres_server_stop();
    return test_finish();
}
