/* Listens on thousands of connections at once and says what came, when, and at what cost.
 *
 * receiver PORT, then commands on standard input, one a line, each answered by one line:
 *   open COUNT IN_FLIGHT SECONDS FIRST THEN   that many bytes of request follow, and what to send
 *                                         once an answer has come; answers when each of COUNT
 *                                         more connections has heard its first byte
 *   begin EVERY                           counts anew; frames are looked for on every EVERYth
 *                                         connection, of the others only bytes are counted
 *   report                                what has come since
 *   await FRAMES SECONDS                  answers when every connection has had so many frames
 *   drop                                  closes all connections
 */
#define _GNU_SOURCE
#include "frames.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { MOST = 65536, BUFFER = 1 << 18, EVENTS = 512, PORTS_TAKEN = 2000 };
enum state { FREE, CONNECTING, ASKED, OPEN };

struct listener {
    enum state state;
    int place; /* in the list of those in use */
    int64_t bytes;
    struct frames frames;
};

static struct listener listeners[MOST];
static int in_use[MOST], used;
static char buffer[BUFFER], request[BUFFER];
static int epoll, port, every = 1, first, then;
static int64_t opened, closed, tried, cpu_began;
static int64_t to_open, in_flight, most_in_flight;
static enum { NOTHING, OPENING, AWAITING } goal;
static int64_t goal_began, deadline, wanted;

static void watch(int fd, int how, uint32_t what)
{
    struct epoll_event e = {.events = what, .data.fd = fd};
    epoll_ctl(epoll, how, fd, &e);
}

static void forget(int fd)
{
    struct listener *l = &listeners[fd];
    in_flight -= l->state == CONNECTING || l->state == ASKED;
    opened -= l->state == OPEN;
    l->state = FREE;
    in_use[l->place] = in_use[--used];
    listeners[in_use[l->place]].place = l->place;
    close(fd);
}

/* From many addresses: one has too few ports for thousands that come again and again. */
static int connecting(int64_t number)
{
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), one = 1;
    struct sockaddr_in from = {.sin_family = AF_INET}, to = {.sin_family = AF_INET};
    from.sin_addr.s_addr = htonl(0x7f010001u + (uint32_t)(number / PORTS_TAKEN % 60000));
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    to.sin_port = htons((uint16_t)port);
    if (fd < 0)
        return -1;
    setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &one, sizeof one);
    if (fd < MOST && bind(fd, (struct sockaddr *)&from, sizeof from) == 0
        && (connect(fd, (struct sockaddr *)&to, sizeof to) == 0 || errno == EINPROGRESS))
        return fd;
    close(fd);
    return -1;
}

static void open_more(void)
{
    while (to_open > 0 && in_flight < most_in_flight) {
        int fd = connecting(tried++);
        to_open--;
        if (fd < 0) {
            closed++;
            continue;
        }
        listeners[fd] = (struct listener){CONNECTING, used, 0, {.digits = -1}};
        in_use[used++] = fd;
        in_flight++;
        watch(fd, EPOLL_CTL_ADD, EPOLLOUT);
    }
}

static void lose(int fd)
{
    closed++;
    forget(fd);
}

static void ask(int fd)
{
    if (send(fd, request, (size_t)first, MSG_NOSIGNAL) != first) {
        lose(fd);
        return;
    }
    listeners[fd].state = ASKED;
    watch(fd, EPOLL_CTL_MOD, EPOLLIN);
}

static void answered(int fd)
{
    listeners[fd].state = OPEN;
    in_flight--;
    opened++;
    if (then > 0 && send(fd, request + first, (size_t)then, MSG_NOSIGNAL) != then)
        lose(fd);
}

static void hear(int fd)
{
    struct listener *l = &listeners[fd];
    int look = fd % every == 0;
    /* What is not looked at is not copied either. */
    ssize_t got = recv(fd, buffer, BUFFER, MSG_DONTWAIT | (look ? 0 : MSG_TRUNC));
    if (got < 0 && errno == EAGAIN)
        return;
    if (got <= 0) {
        lose(fd);
        return;
    }
    if (l->state == ASKED)
        answered(fd);
    l->bytes += got;
    if (look)
        look_for_frames(&l->frames, buffer, buffer + got);
}

static void report(void)
{
    long long frames = 0, looked_at = 0, bytes = 0;
    for (int i = 0; i < used; i++) {
        struct listener *l = &listeners[in_use[i]];
        frames += l->frames.count;
        bytes += l->bytes;
        looked_at += in_use[i] % every == 0 ? l->bytes : 0;
    }
    printf("{\"seconds\": %f, \"cpu\": %f, \"open\": %lld, \"closed\": %lld, \"frames\": %lld, "
           "\"bytes\": %lld, \"bytes_looked_at\": %lld, \"p50\": %f, \"p99\": %f}\n",
           (double)(now() - began) / 1e9, (double)(cpu() - cpu_began) / 1e9, (long long)opened,
           (long long)closed, frames, bytes, looked_at, delay(0.50), delay(0.99));
}

static void begin(void)
{
    for (int i = 0; i < used; i++)
        listeners[in_use[i]].frames.count = listeners[in_use[i]].bytes = 0;
    memset(delays, 0, sizeof delays);
    closed = 0;
    cpu_began = cpu();
    began = last_frame = now();
}

static int caught_up(void)
{
    int count = 0;
    for (int i = 0; i < used; i++)
        count += listeners[in_use[i]].frames.count >= wanted;
    return count;
}

static void check_goal(void)
{
    int late = now() > deadline, all_asked = to_open == 0 && in_flight == 0;
    if (goal == OPENING && (late || all_asked)) {
        printf("%f %lld %lld\n", (double)(now() - goal_began) / 1e9, (long long)opened,
               (long long)closed);
        to_open = 0;
        goal = NOTHING;
    } else if (goal == AWAITING && (late || (all_asked && caught_up() == used))) {
        printf("%f %d\n", (double)((late ? now() : last_frame) - began) / 1e9, caught_up());
        goal = NOTHING;
    }
}

static void set_goal(int what, double seconds)
{
    goal = what;
    goal_began = now();
    deadline = goal_began + (int64_t)(seconds * 1e9);
}

static void obey(void)
{
    char line[256];
    long long count, most;
    double seconds;
    if (!fgets(line, sizeof line, stdin))
        exit(0);
    if (sscanf(line, "open %lld %lld %lf %d %d", &count, &most, &seconds, &first, &then) == 5) {
        size_t length = (size_t)(first + then);
        if (length > BUFFER || fread(request, 1, length, stdin) != length)
            exit(1);
        to_open = count;
        most_in_flight = most;
        set_goal(OPENING, seconds);
    } else if (sscanf(line, "await %lld %lf", &count, &seconds) == 2) {
        wanted = count;
        set_goal(AWAITING, seconds);
    } else if (sscanf(line, "begin %d", &every) == 1) {
        begin();
        puts("ok");
    } else if (strcmp(line, "drop\n") == 0) {
        while (used)
            forget(in_use[used - 1]);
        puts("ok");
    } else if (strcmp(line, "report\n") == 0)
        report();
    else
        exit(1);
}

int main(int count, char **words)
{
    static struct epoll_event events[EVENTS];
    if (count != 2)
        return 1;
    port = atoi(words[1]);
    setvbuf(stdin, NULL, _IONBF, 0);
    setvbuf(stdout, NULL, _IOLBF, 0);
    epoll = epoll_create1(0);
    watch(0, EPOLL_CTL_ADD, EPOLLIN);
    for (;;) {
        open_more();
        int ready = epoll_wait(epoll, events, EVENTS, goal ? 5 : 1000);
        for (int i = 0; i < ready; i++) {
            int fd = events[i].data.fd;
            if (fd == 0)
                obey();
            else if (listeners[fd].state == CONNECTING)
                ask(fd);
            else if (listeners[fd].state != FREE)
                hear(fd);
        }
        if (goal)
            check_goal();
    }
}
