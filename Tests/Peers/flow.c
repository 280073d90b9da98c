/* A C-STORE SCU and SCP that are faster than what stands between them; for tests and benchmarks.
 *
 *   flow send [-c CALLED] [-a CALLING] [-j ASSOCIATIONS] [-n INSTANCES] [-f FIRST] [-b PIXEL BYTES] [-s STUDY] [-r BYTES/S]
 *             [-A LOG] [-q] PORT
 *   flow sink [-n INSTANCES] [-l LOG] [-w DELAY_US] PORT
 *
 * `send` makes the CT instances FIRST + 1 to INSTANCES of a study, and paces them together at a rate (0: as fast as they
 * go); with -q its associations end at a refusal. `sink` takes all that is proposed and answers success; after each
 * INSTANCES it prints the time, on the clock by which `send` says when it started.
 *
 * Each line of a log is an instance that was acknowledged by the peer, or taken before it is acknowledged: its SOP Instance
 * UID, bytes and hash. Without a log nothing is hashed, and `sink` discards data sets in the kernel.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#define PDU (128 << 10)
#define CT "1.2.840.10008.5.1.4.1.1.2"
#define EXPLICIT "1.2.840.10008.1.2.1"
#define ROOT "2.25.306714022857264193840775216503984120687.97"

static const char *called = "KOSGATE", *calling = "FLOW";
static int port, associations = 1, is_patient = 1, log_file = -1, study = 1, delay;
static long count = 1, first_number, next_number, acknowledged, failed;
static size_t pixels = 512 << 10;
static double rate, started;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static uint64_t *pattern;

static void die(const char *what) { fprintf(stderr, "flow: %s: %s\n", what, strerror(errno)); exit(2); }

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec + time.tv_nsec * 1e-9;
}

/* Order matters to it, and no two instances here have the same. Fed in pieces of any size. */
typedef struct { uint64_t state; uint8_t rest[8]; int held; } Hash;

static void mix(Hash *hash, uint64_t word) {
    hash->state = (hash->state ^ word) * 0x9E3779B97F4A7C15u;
    hash->state ^= hash->state >> 29;
}

static void feed(Hash *hash, const uint8_t *bytes, size_t size) {
    uint64_t word;
    while (size && hash->held) {
        hash->rest[hash->held++] = *bytes++;
        size--;
        if (hash->held == 8) { memcpy(&word, hash->rest, 8); mix(hash, word); hash->held = 0; }
    }
    for (; size >= 8; bytes += 8, size -= 8) { memcpy(&word, bytes, 8); mix(hash, word); }
    for (; size; size--) hash->rest[hash->held++] = *bytes++;
}

static uint64_t digest(Hash *hash) {
    uint8_t zeros[8] = {0};
    if (hash->held) feed(hash, zeros, 8 - hash->held);
    return hash->state;
}

/* Whether all of it came. Without a place the kernel discards it. */
static int take(int socket, void *place, size_t size) {
    while (size) {
        ssize_t got = recv(socket, place, size > 1 << 20 && !place ? 1 << 20 : size, place ? MSG_WAITALL : MSG_TRUNC);
        if (got <= 0) { if (got < 0 && errno == EINTR) continue; return 0; }
        if (place) place = (uint8_t *)place + got;
        size -= got;
    }
    return 1;
}

static int give(int socket, struct iovec *parts, int number) {
    while (number) {
        ssize_t sent = writev(socket, parts, number > 64 ? 64 : number);
        if (sent < 0) { if (errno == EINTR) continue; return 0; }
        for (; number && (size_t)sent >= parts->iov_len; number--) sent -= parts++->iov_len;
        if (number) { parts->iov_base = (uint8_t *)parts->iov_base + sent; parts->iov_len -= sent; }
    }
    return 1;
}

static int give_all(int socket, const void *bytes, size_t size) {
    struct iovec part = {(void *)bytes, size};
    return give(socket, &part, 1);
}

static void big32(uint8_t *at, uint32_t value) { value = htonl(value); memcpy(at, &value, 4); }
static uint32_t from_big32(const uint8_t *at) { uint32_t value; memcpy(&value, at, 4); return ntohl(value); }

/* Appends an item of an association PDU: type, reserved, 16-bit length. */
static uint8_t *item(uint8_t *at, uint8_t type, const void *bytes, size_t size) {
    at[0] = type; at[1] = 0; at[2] = size >> 8; at[3] = size;
    memcpy(at + 4, bytes, size);
    return at + 4 + size;
}

/* A command element, implicit VR little endian. */
static uint8_t *element(uint8_t *at, uint16_t number, const void *bytes, uint32_t size) {
    uint16_t tag[2] = {0, number};
    uint32_t even = size + size % 2;
    memcpy(at, tag, 4); memcpy(at + 4, &even, 4); memcpy(at + 8, bytes, size);
    if (even > size) at[8 + size] = 0;
    return at + 8 + even;
}

static uint8_t *number16(uint8_t *at, uint16_t number, uint16_t value) { return element(at, number, &value, 2); }

/* A P-DATA-TF with one command fragment around what `fill` left at 12. */
static size_t finish_command(uint8_t *pdu, uint8_t *end, uint8_t context) {
    uint32_t length = end - (pdu + 12) - 12;
    element(pdu + 12, 0, &length, 4);
    pdu[0] = 4; pdu[1] = 0;
    big32(pdu + 2, end - pdu - 6);
    big32(pdu + 6, end - pdu - 10);
    pdu[10] = context; pdu[11] = 3;
    return end - pdu;
}

/* MARK: send */

static uint8_t *explicit_element(uint8_t *at, uint16_t group, uint16_t number, const char *vr, const char *value) {
    size_t size = strlen(value), even = size + size % 2;
    uint16_t head[2] = {group, number}, length = even;
    memcpy(at, head, 4); memcpy(at + 4, vr, 2); memcpy(at + 6, &length, 2); memcpy(at + 8, value, size);
    if (even > size) at[8 + size] = strcmp(vr, "UI") ? ' ' : 0;
    return at + 8 + even;
}

static uint8_t *explicit16(uint8_t *at, uint16_t group, uint16_t number, uint16_t value) {
    uint16_t head[2] = {group, number}, length = 2;
    memcpy(at, head, 4); memcpy(at + 4, "US", 2); memcpy(at + 6, &length, 2); memcpy(at + 8, &value, 2);
    return at + 10;
}

/* All of instance `number` before its pixels. */
static size_t header(uint8_t *into, long number) {
    char uid[80], text[80];
    uint8_t *at = into;
    at = explicit_element(at, 8, 5, "CS", "ISO_IR 100");
    at = explicit_element(at, 8, 0x16, "UI", CT);
    snprintf(uid, sizeof uid, ROOT ".%d.%ld", study, number);
    at = explicit_element(at, 8, 0x18, "UI", uid);
    at = explicit_element(at, 8, 0x20, "DA", "20260316");
    at = explicit_element(at, 8, 0x30, "TM", "101500");
    at = explicit_element(at, 8, 0x50, "SH", "A1");
    at = explicit_element(at, 8, 0x60, "CS", "CT");
    at = explicit_element(at, 0x10, 0x10, "PN", "TEST^Flow");
    snprintf(text, sizeof text, "F%d", study);
    at = explicit_element(at, 0x10, 0x20, "LO", text);
    at = explicit_element(at, 0x10, 0x30, "DA", "19700101");
    at = explicit_element(at, 0x10, 0x40, "CS", "O");
    snprintf(text, sizeof text, ROOT ".%d", study);
    at = explicit_element(at, 0x20, 0xD, "UI", text);
    snprintf(text, sizeof text, ROOT ".%d.%ld", study, 1000000 + number % 3);
    at = explicit_element(at, 0x20, 0xE, "UI", text);
    snprintf(text, sizeof text, "%ld", number);
    at = explicit_element(at, 0x20, 0x13, "IS", text);
    at = explicit16(at, 0x28, 2, 1);
    at = explicit_element(at, 0x28, 4, "CS", "MONOCHROME2");
    at = explicit16(at, 0x28, 0x10, pixels / 1024);
    at = explicit16(at, 0x28, 0x11, 512);
    at = explicit16(at, 0x28, 0x100, 16);
    at = explicit16(at, 0x28, 0x101, 12);
    at = explicit16(at, 0x28, 0x102, 11);
    at = explicit16(at, 0x28, 0x103, 0);
    uint16_t head[2] = {0x7FE0, 0x10};
    uint32_t size = pixels;
    memcpy(at, head, 4); memcpy(at + 4, "OW\0\0", 4); memcpy(at + 8, &size, 4);
    return at + 12 - into;
}

static int connected(void) {
    struct sockaddr_in place = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int found = socket(AF_INET, SOCK_STREAM, 0), on = 1;
    setsockopt(found, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (connect(found, (struct sockaddr *)&place, sizeof place) < 0) { close(found); return -1; }
    return found;
}

/* The peer's maximum PDU length; 0 when there is no association. */
static uint32_t associate(int socket) {
    uint8_t pdu[1024], body[512], *at = pdu + 74, *inner;
    memset(pdu, 0, 74);
    pdu[0] = 1; pdu[7] = 1;
    memset(pdu + 10, ' ', 32);
    memcpy(pdu + 10, called, strlen(called)); memcpy(pdu + 26, calling, strlen(calling));
    at = item(at, 0x10, "1.2.840.10008.3.1.1.1", 21);
    memset(body, 0, 4); body[0] = 1;
    inner = item(body + 4, 0x30, CT, strlen(CT));
    inner = item(inner, 0x40, EXPLICIT, strlen(EXPLICIT));
    at = item(at, 0x20, body, inner - body);
    uint8_t length[4];
    big32(length, PDU);
    inner = item(body, 0x51, length, 4);
    inner = item(inner, 0x52, "2.25.1", 6);
    at = item(at, 0x50, body, inner - body);
    big32(pdu + 2, at - pdu - 6);
    if (!give_all(socket, pdu, at - pdu) || !take(socket, pdu, 6) || pdu[0] != 2) return 0;
    uint32_t size = from_big32(pdu + 2), maximum = PDU;
    uint8_t *answer = malloc(size);
    if (!take(socket, answer, size)) { free(answer); return 0; }
    for (size_t place = 68; place + 4 <= size;) {
        size_t long_ = answer[place + 2] << 8 | answer[place + 3];
        if (answer[place] == 0x50)
            for (size_t sub = place + 4; sub + 8 <= place + 4 + long_; sub += 4 + (answer[sub + 2] << 8 | answer[sub + 3]))
                if (answer[sub] == 0x51) maximum = from_big32(answer + sub + 4);
        place += 4 + long_;
    }
    free(answer);
    return maximum && maximum < PDU ? maximum : PDU;
}

/* The status of the response that comes; -1 when none does. */
static int answer(int socket) {
    uint8_t pdu[4096];
    if (!take(socket, pdu, 6) || pdu[0] != 4) return -1;
    uint32_t size = from_big32(pdu + 2);
    if (size > sizeof pdu || !take(socket, pdu, size)) return -1;
    for (uint32_t at = 6; at + 8 <= size;) {
        uint32_t length;
        memcpy(&length, pdu + at + 4, 4);
        if (pdu[at + 2] == 0 && pdu[at + 3] == 9) return pdu[at + 8] | pdu[at + 9] << 8;
        at += 8 + length;
    }
    return -1;
}

static void wait_turn(long number) {
    if (rate <= 0) return;
    double due = started + (number - first_number) * (double)pixels / rate, left = due - now();
    if (left > 0) nanosleep(&(struct timespec){left, (left - (long)left) * 1e9}, 0);
}

static int store(int socket, uint32_t maximum, long number) {
    static const uint8_t first[2] = {1, 0}, last[2] = {1, 2};
    uint8_t start[2048], command[512], *at = command + 12 + 12, heads[12 * 4096 / 12][12];
    char uid[80];
    uint64_t mark = number;
    size_t size = header(start, number), total = size + pixels, piece = maximum - 6, done = 0;
    snprintf(uid, sizeof uid, ROOT ".%d.%ld", study, number);
    at = element(at, 2, CT, strlen(CT));
    at = number16(at, 0x100, 1); at = number16(at, 0x110, number % 65000 + 1);
    at = number16(at, 0x700, 0); at = number16(at, 0x800, 1);
    at = element(at, 0x1000, uid, strlen(uid));
    struct iovec *parts = malloc((3 * (total / piece + 2) + 3) * sizeof *parts);
    int used = 0, pdus = 0;
    parts[used++] = (struct iovec){command, finish_command(command, at, 1)};
    while (done < total) {
        size_t now_ = total - done < piece ? total - done : piece;
        uint8_t *head = heads[pdus++];
        head[0] = 4; head[1] = 0;
        big32(head + 2, now_ + 6); big32(head + 6, now_ + 2);
        memcpy(head + 10, done + now_ == total ? last : first, 2);
        parts[used++] = (struct iovec){head, 12};
        /* Header, eight bytes of its own, then the pattern that all share. */
        size_t bounds[4] = {0, size, size + 8, total};
        const uint8_t *sources[3] = {start, (uint8_t *)&mark, (uint8_t *)pattern};
        for (int part = 0; part < 3; part++) {
            size_t from = done > bounds[part] ? done : bounds[part];
            size_t to = done + now_ < bounds[part + 1] ? done + now_ : bounds[part + 1];
            if (from < to) parts[used++] = (struct iovec){(void *)(sources[part] + from - bounds[part]), to - from};
        }
        done += now_;
    }
    int is_sent = give(socket, parts, used);
    free(parts);
    int status = is_sent ? answer(socket) : -1;
    if (status == 0 && log_file >= 0) {
        Hash hash = {0};
        feed(&hash, start, size); feed(&hash, (uint8_t *)&mark, 8); feed(&hash, (uint8_t *)pattern, pixels - 8);
        dprintf(log_file, "%s %zu %016lx\n", uid, total, digest(&hash));
    }
    return status;
}

static void *send_some(void *unused) {
    (void)unused;
    int socket = connected();
    uint32_t maximum = socket < 0 ? 0 : associate(socket);
    while (maximum) {
        pthread_mutex_lock(&lock);
        long number = next_number < count ? next_number++ : -1;
        pthread_mutex_unlock(&lock);
        if (number < 0) break;
        wait_turn(number);
        int status = store(socket, maximum, number + 1);
        pthread_mutex_lock(&lock);
        if (status == 0) acknowledged++; else failed++;
        pthread_mutex_unlock(&lock);
        if (status < 0 || (status && !is_patient)) { close(socket); return 0; }
    }
    if (maximum) {
        uint8_t release[10] = {5, 0, 0, 0, 0, 4}, reply[10];
        if (give_all(socket, release, 10)) take(socket, reply, 10);
    }
    if (socket >= 0) close(socket);
    return 0;
}

static int send_all(void) {
    pthread_t threads[64];
    uint32_t noise = 1;
    pattern = malloc(pixels);
    /* Twelve bits: slopes with noise in the lowest three, about as compressible as a CT. */
    for (size_t at = 0; at < pixels / 2; at++) {
        noise = noise * 1664525 + 1013904223;
        ((uint16_t *)pattern)[at] = ((at % 512 + at / 512) * 2 + (noise >> 29)) & 0xFFF;
    }
    started = now();
    for (int each = 0; each < associations; each++) pthread_create(&threads[each], 0, send_some, 0);
    for (int each = 0; each < associations; each++) pthread_join(threads[each], 0);
    double seconds = now() - started;
    printf("{\"acknowledged\": %ld, \"failed\": %ld, \"started\": %.6f, \"seconds\": %.6f, \"bytes\": %zu}\n", acknowledged,
           failed, started, seconds, acknowledged * pixels);
    return acknowledged == count - first_number ? 0 : 1;
}

/* MARK: sink */

/* Accepts each context with the first transfer syntax it proposes. */
static int accept_association(int socket, const uint8_t *body, uint32_t size) {
    uint8_t *pdu = malloc(size + 4096), *at = pdu + 74, user[64], *inner, length[4];
    memset(pdu, 0, 74);
    pdu[0] = 2; pdu[7] = 1;
    memcpy(pdu + 10, body + 4, 32);
    at = item(at, 0x10, "1.2.840.10008.3.1.1.1", 21);
    for (size_t place = 68; place + 4 <= size;) {
        size_t long_ = body[place + 2] << 8 | body[place + 3];
        if (body[place] == 0x20)
            for (size_t sub = place + 8; sub + 4 <= place + 4 + long_; sub += 4 + (body[sub + 2] << 8 | body[sub + 3])) {
                size_t name = body[sub + 2] << 8 | body[sub + 3];
                if (body[sub] != 0x40 || name > 64) continue;
                uint8_t result[80] = {body[place + 4], 0, 0, 0};
                inner = item(result + 4, 0x40, body + sub + 4, name);
                at = item(at, 0x21, result, inner - result);
                break;
            }
        place += 4 + long_;
    }
    big32(length, PDU);
    inner = item(user, 0x51, length, 4);
    inner = item(inner, 0x52, "2.25.1", 6);
    at = item(at, 0x50, user, inner - user);
    big32(pdu + 2, at - pdu - 6);
    int is_sent = give_all(socket, pdu, at - pdu);
    free(pdu);
    return is_sent;
}

typedef struct { char class[72], instance[72]; uint16_t field, message; } Command;

static void read_command(Command *command, const uint8_t *bytes, size_t size) {
    memset(command, 0, sizeof *command);
    for (size_t at = 0; at + 8 <= size;) {
        uint32_t length;
        uint16_t number = bytes[at + 2] | bytes[at + 3] << 8;
        memcpy(&length, bytes + at + 4, 4);
        if (length > size - at - 8) return;
        const uint8_t *value = bytes + at + 8;
        if (number == 2 && length < 66) memcpy(command->class, value, length);
        if (number == 0x1000 && length < 66) memcpy(command->instance, value, length);
        if (number == 0x100) memcpy(&command->field, value, 2);
        if (number == 0x110) memcpy(&command->message, value, 2);
        at += 8 + length;
    }
}

static int respond(int socket, const Command *command, uint8_t context) {
    uint8_t pdu[512], *at = pdu + 12 + 12;
    at = element(at, 2, command->class, strlen(command->class));
    at = number16(at, 0x100, command->field | 0x8000);
    at = number16(at, 0x120, command->message);
    at = number16(at, 0x800, 0x101);
    at = number16(at, 0x900, 0);
    if (command->field == 1) at = element(at, 0x1000, command->instance, strlen(command->instance));
    return give_all(socket, pdu, finish_command(pdu, at, context));
}

static void *serve(void *argument) {
    int socket = (int)(intptr_t)argument;
    uint8_t head[6], pdv[6], *buffer = malloc(PDU + 64), commands[4096];
    size_t held = 0, total = 0;
    Command command = {0};
    Hash hash = {0};
    while (take(socket, head, 6)) {
        uint32_t size = from_big32(head + 2);
        if (head[0] == 1) {
            uint8_t *body = malloc(size);
            int good = take(socket, body, size) && accept_association(socket, body, size);
            free(body);
            if (!good) break;
        } else if (head[0] == 5) {
            uint8_t reply[10] = {6, 0, 0, 0, 0, 4};
            take(socket, buffer, size);
            give_all(socket, reply, 10);
            break;
        } else if (head[0] != 4) break;
        else while (size >= 6) {
            if (!take(socket, pdv, 6)) goto end;
            uint32_t length = from_big32(pdv) - 2;
            size -= length + 6;
            if (pdv[5] & 1) {
                if (held + length > sizeof commands || !take(socket, commands + held, length)) goto end;
                held += length;
                if (!(pdv[5] & 2)) continue;
                read_command(&command, commands, held);
                held = total = 0;
                memset(&hash, 0, sizeof hash);
                if (command.field != 1 && !respond(socket, &command, pdv[4])) goto end;
                continue;
            }
            total += length;
            for (uint32_t left = length; left;) {
                uint32_t piece = left < PDU ? left : PDU;
                if (!take(socket, log_file >= 0 ? buffer : 0, piece)) goto end;
                if (log_file >= 0) feed(&hash, buffer, piece);
                left -= piece;
            }
            if (pdv[5] & 2) {
                if (delay) usleep(delay);
                if (log_file >= 0) dprintf(log_file, "%s %zu %016lx\n", command.instance, total, digest(&hash));
                if (!respond(socket, &command, pdv[4])) goto end;
                pthread_mutex_lock(&lock);
                if (++acknowledged % count == 0) { printf("%.6f\n", now()); fflush(stdout); }
                pthread_mutex_unlock(&lock);
            }
        }
    }
end:
    free(buffer);
    close(socket);
    return 0;
}

_Noreturn static void sink(void) {
    struct sockaddr_in place = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int listener = socket(AF_INET, SOCK_STREAM, 0), on = 1;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(listener, (struct sockaddr *)&place, sizeof place) < 0 || listen(listener, 64) < 0) die("listen");
    for (;;) {
        int socket = accept(listener, 0, 0);
        pthread_t thread;
        if (socket < 0) continue;
        setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        pthread_create(&thread, 0, serve, (void *)(intptr_t)socket);
        pthread_detach(thread);
    }
}

int main(int number, char **arguments) {
    const char *what = number > 1 ? arguments[1] : "";
    signal(SIGPIPE, SIG_IGN);
    optind = 2;
    for (int option; (option = getopt(number, arguments, "c:a:f:j:n:b:s:r:A:l:w:q")) > 0;) switch (option) {
        case 'c': called = optarg; break;
        case 'a': calling = optarg; break;
        case 'f': first_number = next_number = atol(optarg); break;
        case 'j': associations = atoi(optarg); break;
        case 'n': count = atol(optarg); break;
        case 'b': pixels = atol(optarg) & ~1023L; break;
        case 's': study = atoi(optarg); break;
        case 'r': rate = atof(optarg); break;
        case 'q': is_patient = 0; break;
        case 'w': delay = atoi(optarg); break;
        case 'A': case 'l':
            log_file = open(optarg, O_CREAT | O_WRONLY | O_APPEND, 0644);
            if (log_file < 0) die(optarg);
            break;
        default: return 2;
    }
    if (optind >= number || associations > 64) return 2;
    port = atoi(arguments[optind]);
    if (!strcmp(what, "sink")) sink();
    return !strcmp(what, "send") ? send_all() : 2;
}
