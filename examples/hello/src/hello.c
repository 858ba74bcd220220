/* hello.c - a web server of one page, and of evidence of the machine that it runs on. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { PORT = 8000, REQUEST_MAX = 4096, ANSWER_MAX = 256 * 1024, NONCE_MAX = 128 };

static void send_all(int to, const char *bytes, size_t len)
{
    while (len > 0) {
        const ssize_t sent = send(to, bytes, len, MSG_NOSIGNAL);

        if (sent <= 0)
            return;
        bytes += sent;
        len -= (size_t)sent;
    }
}

static void answer(int client, const char *status, const char *type, const char *body)
{
    char head[256];
    const int len = snprintf(head, sizeof head,
                             "HTTP/1.1 %s\r\nContent-Type: %s\r\nContent-Length: %zu\r\n"
                             "Connection: close\r\n\r\n",
                             status, type, strlen(body));

    send_all(client, head, (size_t)len);
    send_all(client, body, strlen(body));
}

/* What the agent says to a request, head and all; "": nothing. */
static const char *ask_agent(const char *request)
{
    static char said[ANSWER_MAX + 1]; /* one client at a time */
    const char *path = getenv("TROTH_AGENT");
    const int agent = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    size_t len = 0;

    (void)snprintf(address.sun_path, sizeof address.sun_path, "%s", path ? path : "");
    if (connect(agent, (struct sockaddr *)&address, sizeof address) == 0) {
        send_all(agent, request, strlen(request));
        for (ssize_t got; (got = recv(agent, said + len, ANSWER_MAX - len, 0)) > 0;)
            len += (size_t)got;
    }
    (void)close(agent);
    said[len] = '\0';
    return said;
}

/* GET /evidence?nonce=00ff: the agent's JSON with the evidence, in base64, in it. */
static void give_evidence(int client, const char *query)
{
    char nonce[NONCE_MAX + 1] = "", body[NONCE_MAX + 32], request[512];
    const char *said, *content;

    if (sscanf(query, "?nonce=%128[0-9a-f]", nonce) != 1) {
        answer(client, "400 Bad Request", "text/plain", "say ?nonce= and some hex\n");
        return;
    }
    (void)snprintf(body, sizeof body, "{\"nonce\":\"%s\"}", nonce);
    (void)snprintf(
        request, sizeof request,
        "POST /v1/evidence HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
        "Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s",
        strlen(body), body);
    said = ask_agent(request);
    content = strstr(said, "\r\n\r\n");
    if (content && strncmp(said, "HTTP/1.1 200", 12) == 0)
        answer(client, "200 OK", "application/json", content + 4);
    else
        answer(client, "502 Bad Gateway", "text/plain", "the agent gave no evidence\n");
}

static void serve(int client)
{
    static const char evidence[] = "GET /evidence", page[] = "GET / ";
    char request[REQUEST_MAX + 1] = "";
    size_t len = 0;

    for (ssize_t got; !strstr(request, "\r\n\r\n") && len < REQUEST_MAX;
         len += (size_t)got)
        if ((got = recv(client, request + len, REQUEST_MAX - len, 0)) <= 0)
            break;
    if (strncmp(request, evidence, sizeof evidence - 1) == 0)
        give_evidence(client, request + sizeof evidence - 1);
    else if (strncmp(request, page, sizeof page - 1) == 0)
        answer(client, "200 OK", "text/plain",
               "hello from a machine that can prove itself\n");
    else
        answer(client, "404 Not Found", "text/plain", "there are / and /evidence\n");
}

int main(void)
{
    const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1;
    const struct sockaddr_in address = {.sin_family = AF_INET,
                                        .sin_port = htons(PORT),
                                        .sin_addr = {htonl(INADDR_LOOPBACK)}};

    (void)setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(listener, (const struct sockaddr *)&address, sizeof address) ||
        listen(listener, 16)) {
        perror("hello");
        return 1;
    }
    for (int client; (client = accept(listener, NULL, NULL)) >= 0; (void)close(client)) {
        const struct timeval patience = {.tv_sec = 10};

        (void)setsockopt(client, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        serve(client);
    }
    return 1;
}
