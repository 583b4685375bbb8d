/* The floor: what is posted is sent to every listener in a bare loop of send(), and nothing else.
 *
 * bare_loop PORT. GET /N answers an event stream that begins with N times what was posted last;
 * the body of any other request is the frame to send, and is answered when all have it.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { MOST = 65536, BUFFER = 1 << 16, REPLAY = 1 << 20, PATIENCE_MS = 5000 };

static const char STREAM[] = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n:\n\n";
static const char DONE[] = "HTTP/1.1 204 No Content\r\n\r\n";
static int listening[MOST], listeners, epoll;
static char is_listener[MOST], request[BUFFER], last[BUFFER], replay[REPLAY];
static size_t last_length;

static void send_all(int fd, const char *data, size_t length)
{
    while (length > 0) {
        ssize_t sent = send(fd, data, length, MSG_NOSIGNAL | MSG_DONTWAIT);
        struct pollfd room = {fd, POLLOUT, 0};
        if (sent < 0 && poll(&room, 1, PATIENCE_MS) <= 0)
            return;
        if (sent < 0 && (room.revents & (POLLERR | POLLHUP)))
            return;
        if (sent > 0) {
            data += sent;
            length -= (size_t)sent;
        }
    }
}

static void leave(int fd)
{
    for (int i = 0; is_listener[fd] && i < listeners; i++)
        if (listening[i] == fd)
            listening[i--] = listening[--listeners];
    is_listener[fd] = 0;
    close(fd);
}

static void join(int fd, size_t missed)
{
    size_t length = 0;
    for (; missed > 0 && length + last_length <= REPLAY; missed--, length += last_length)
        memcpy(replay + length, last, last_length);
    send_all(fd, STREAM, sizeof STREAM - 1);
    send_all(fd, replay, length);
    listening[listeners++] = fd;
    is_listener[fd] = 1;
}

static void tell(const char *frame, size_t length)
{
    memcpy(last, frame, length);
    last_length = length;
    for (int i = 0; i < listeners; i++)
        send_all(listening[i], frame, length);
}

/* Requests come whole and one at a time, for only the benchmark sends any. */
static void serve(int fd)
{
    ssize_t got = recv(fd, request, BUFFER - 1, 0);
    if (got <= 0) {
        leave(fd);
        return;
    }
    request[got] = 0;
    char *body = strstr(request, "\r\n\r\n"), *named = strcasestr(request, "content-length:");
    if (!body)
        return;
    if (strncmp(request, "GET /", 5) == 0) {
        join(fd, strtoul(request + 5, NULL, 10));
        return;
    }
    body += 4;
    size_t length = named ? strtoul(named + 15, NULL, 10) : 0;
    while ((size_t)(request + got - body) < length) {
        ssize_t more = recv(fd, request + got, (size_t)(BUFFER - 1 - got), 0);
        if (more <= 0)
            return;
        got += more;
    }
    tell(body, length);
    send_all(fd, DONE, sizeof DONE - 1);
}

int main(int count, char **words)
{
    static struct epoll_event events[512];
    int server = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), one = 1;
    struct sockaddr_in at = {.sin_family = AF_INET};
    if (count != 2)
        return 1;
    at.sin_port = htons((uint16_t)atoi(words[1]));
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    setsockopt(server, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(server, (struct sockaddr *)&at, sizeof at) < 0 || listen(server, 4096) < 0)
        return 1;
    epoll = epoll_create1(0);
    struct epoll_event e = {.events = EPOLLIN, .data.fd = server};
    epoll_ctl(epoll, EPOLL_CTL_ADD, server, &e);
    for (;;) {
        int ready = epoll_wait(epoll, events, 512, -1);
        for (int i = 0; i < ready; i++) {
            int fd = events[i].data.fd;
            if (fd != server) {
                serve(fd);
                continue;
            }
            while ((fd = accept4(server, NULL, NULL, 0)) >= 0 && fd < MOST) {
                setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
                e.data.fd = fd;
                epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &e);
            }
        }
    }
}
