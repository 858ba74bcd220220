/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/connect/hint.h"

#include <stdio.h>
#include <string.h>

/* One text a reason; a text may be a format for what the check has. */
static const struct {
    enum troth_channel_reason reason;
    const char *text;
} by_reason[] = {
    {TROTH_REASON_VERSION, "is the troth there of another version?"},
    {TROTH_REASON_NOTHING, "nothing was asked of the server"},
    {TROTH_REASON_KEY,
     "whoever is between here and the machine has shown its evidence, without "
     "its key"},
    {TROTH_REASON_SIGNATURE,
     "the evidence is of a machine that is not at the other end: somebody is in between"},
    {TROTH_REASON_STALE,
     "is this machine's clock right? --max-age says how old it may be"},
    {TROTH_REASON_FUTURE, "is this machine's clock right?"},
    {TROTH_REASON_NAME,
     "name the machines in the policy, 'machines: {tdx: [ID]}', or take any, 'machines: "
     "any'; or name the server's certificate by --name or --pin"},
    {TROTH_REASON_TLS, "does 'troth run' or troth-agent listen there?"},
    {TROTH_REASON_CLOSED,
     "does 'troth run' or troth-agent listen there? Its log says more"},
    {TROTH_REASON_LAPSED, "connect again: it is judged anew"},
};

/* Of the other side's reasons. */
static const struct {
    enum troth_channel_reason reason;
    const char *text;
} by_theirs[] = {
    {TROTH_REASON_CANNOT,
     "the server asks for proof of this machine, which 'troth connect' "
     "does not give"},
    {TROTH_REASON_BUSY,
     "the server has too many handshakes of this machine under way: try again"},
    {TROTH_REASON_SLOW, "the server did not wait so long: try again"},
};

static const struct {
    const char *check, *text;
} by_check[] = {
    {"measurement", "another image runs there, or an older policy is held against it"},
    {"machine", "'machines' in the policy lists it where it should be accepted"},
    {"anchor", "--root FILE trusts a root of your own, such as a simulator's"},
    {"validity", "is this machine's clock right, and is --collateral up to date?"},
    {"nonce", "the evidence was made for somebody else: it is old, or relayed"},
    {"age", "the policy's max_age says how old it may be"},
    {"event_log", "something was measured there that the policy does not expect"},
};

/* What in a policy would accept it, in the policy's spelling. */
static bool hint_flag(char *out, const struct troth_connection_check *check)
{
    if (strcmp(check->flag, "--collateral") == 0)
        (void)snprintf(
            out, TROTH_CONNECT_HINT_ROOM,
            "--collateral PATH takes what is missing from files; without --offline it "
            "is fetched");
    else if (strcmp(check->name, "tcb_status") == 0 && *check->flag_argument)
        (void)snprintf(
            out, TROTH_CONNECT_HINT_ROOM,
            "update its firmware; 'intel: {tcb: [UpToDate, %s]}' in the policy would "
            "accept this",
            check->flag_argument);
    else if (strcmp(check->flag, "--allow") == 0 || strcmp(check->flag, "--any") == 0)
        (void)snprintf(out, TROTH_CONNECT_HINT_ROOM,
                       "'%s: [%s]' in the policy would accept this", check->flag + 2,
                       check->flag_argument);
    return out[0] != '\0';
}

static void hint_check(char *out, const struct troth_connection_check *check)
{
    for (size_t i = 0; i < sizeof by_check / sizeof *by_check; i++)
        if (strcmp(by_check[i].check, check->name) == 0)
            (void)snprintf(out, TROTH_CONNECT_HINT_ROOM, "%s", by_check[i].text);
}

void troth_connect_hint(char out[static TROTH_CONNECT_HINT_ROOM],
                        const struct troth_connection *connection, bool asks_strict)
{
    const struct troth_connection_check *check = troth_connection_check(connection);
    enum troth_channel_reason theirs = TROTH_REASON_NONE;
    const enum troth_channel_reason reason = troth_connection_reason(connection, &theirs);

    out[0] = '\0';
    if (check && !hint_flag(out, check))
        hint_check(out, check);
    for (size_t i = 0; !out[0] && i < sizeof by_reason / sizeof *by_reason; i++)
        if (by_reason[i].reason == reason)
            (void)snprintf(out, TROTH_CONNECT_HINT_ROOM, "%s", by_reason[i].text);
    if (reason != TROTH_REASON_PEER)
        return;
    for (size_t i = 0; i < sizeof by_theirs / sizeof *by_theirs; i++)
        if (by_theirs[i].reason == theirs)
            (void)snprintf(out, TROTH_CONNECT_HINT_ROOM, "%s", by_theirs[i].text);
    if (theirs == TROTH_REASON_CANNOT && asks_strict)
        (void)snprintf(out, TROTH_CONNECT_HINT_ROOM,
                       "without --require strict, an epoch's proof "
                       "will do");
}
