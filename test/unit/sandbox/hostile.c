/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a program may try to get out of its sandbox, one word each.
 *
 *     hostile ATTEMPT[=ARGUMENT]…
 *
 * says of each "ATTEMPT: refused: EPERM" or "ATTEMPT: THROUGH". The exit status of one
 * attempt is its errno, 0 if it got through, 128 and the signal's number if it was
 * killed; of several, how many got through. 126: there is no such attempt.
 */
#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/if_packet.h>
#include <linux/netlink.h>
#include <linux/sched.h>
#include <linux/vm_sockets.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/personality.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Whatever is handed over through a register of 64 bits: the kernel reads 32. */
#define UPPER (1L << 32)

#if defined(__x86_64__)
#define LINKER "/lib64/ld-linux-x86-64.so.2"
#else
#define LINKER "/lib/ld-linux-aarch64.so.1"
#endif

/* An attempt returns -1 and an errno, or something else: it got through. */

static int try_read(const char *path)
{
    char byte;
    const int file = open(path, O_RDONLY | O_CLOEXEC);

    if (file < 0)
        return -1;
    if (read(file, &byte, 1) == 1)
        return 0;
    errno = ENODATA; /* there is nothing in it */
    return -1;
}

static int try_open(const char *path)
{
    return open(path, O_RDWR | O_CLOEXEC);
}

static int try_write(const char *path)
{
    const int file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);

    return file < 0 ? -1 : (int)write(file, "x", 1);
}

static int try_list(const char *path)
{
    return opendir(path) ? 0 : -1;
}

static int try_remove(const char *path)
{
    return remove(path);
}

static int try_mknod(const char *path)
{
    return mknod(path, S_IFCHR | 0666, makedev(1, 1));
}

static int try_mknodat(const char *path)
{
    return mknodat(AT_FDCWD, path, S_IFBLK | 0666, makedev(7, 0));
}

/* ---- another's process */

static pid_t number(const char *text)
{
    return (pid_t)strtol(text, NULL, 10);
}

static int try_ptrace(const char *process)
{
    return (int)ptrace(PTRACE_ATTACH, number(process), NULL, NULL);
}

static int try_trace_child(const char *unused)
{
    const pid_t child = fork();

    (void)unused;
    if (child == 0) {
        (void)sleep(2);
        _exit(0);
    }

    const int result = (int)ptrace(PTRACE_SEIZE, child, NULL, NULL);
    const int error = errno;

    (void)kill(child, SIGKILL);
    (void)waitpid(child, NULL, 0);
    errno = error;
    return result;
}

static int try_memory(const char *process)
{
    char byte;
    struct iovec here = {&byte, 1}, there = {&byte, 1};

    return (int)process_vm_readv(number(process), &here, 1, &there, 1, 0);
}

static int try_memory_write(const char *process)
{
    char byte = 0;
    struct iovec here = {&byte, 1}, there = {&byte, 1};

    return (int)process_vm_writev(number(process), &here, 1, &there, 1, 0);
}

static int try_kill(const char *process)
{
    return kill(number(process), 0);
}

static int try_take_descriptor(const char *unused)
{
    const int self = (int)syscall(SYS_pidfd_open, getpid(), 0);

    (void)unused;
    return self < 0 ? -1 : (int)syscall(SYS_pidfd_getfd, self, 0, 0);
}

static int try_kcmp(const char *unused)
{
    (void)unused;
    return (int)syscall(SYS_kcmp, getpid(), getpid(), 0, 0, 1);
}

/* ---- sockets */

static int try_unix(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    const int peer = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (peer < 0)
        return -1;
    (void)snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
    return connect(peer, (const struct sockaddr *)&address, sizeof address);
}

static int try_abstract(const char *name)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    const int peer = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (peer < 0)
        return -1;
    (void)snprintf(address.sun_path + 1, sizeof address.sun_path - 1, "%s", name);
    return connect(
        peer, (const struct sockaddr *)&address,
        (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + strlen(name)));
}

static int try_tcp(const char *port)
{
    const struct sockaddr_in address = {.sin_family = AF_INET,
                                        .sin_port = htons((uint16_t)number(port)),
                                        .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    const int peer = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    return peer < 0 ? -1
                    : connect(peer, (const struct sockaddr *)&address, sizeof address);
}

static int try_tcp6(const char *port)
{
    const struct sockaddr_in6 address = {.sin6_family = AF_INET6,
                                         .sin6_port = htons((uint16_t)number(port)),
                                         .sin6_addr = IN6ADDR_LOOPBACK_INIT};
    const int peer = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);

    return peer < 0 ? -1
                    : connect(peer, (const struct sockaddr *)&address, sizeof address);
}

static int send_to(int family, const void *address, socklen_t len)
{
    const int peer = socket(family, SOCK_DGRAM | SOCK_CLOEXEC, 0);

    return peer < 0 ? -1 : (int)sendto(peer, "x", 1, 0, address, len);
}

static int try_udp_outside(const char *unused)
{
    const struct sockaddr_in address = {.sin_family = AF_INET,
                                        .sin_port = htons(53),
                                        .sin_addr.s_addr = htonl(0x01010101)};

    (void)unused;
    return send_to(AF_INET, &address, sizeof address);
}

static int try_udp6_outside(const char *unused)
{
    struct sockaddr_in6 address = {.sin6_family = AF_INET6, .sin6_port = htons(53)};

    (void)unused;
    (void)inet_pton(AF_INET6, "2606:4700:4700::1111", &address.sin6_addr);
    return send_to(AF_INET6, &address, sizeof address);
}

static int try_raw(const char *unused)
{
    (void)unused;
    return socket(AF_INET, SOCK_RAW, IPPROTO_ICMP);
}

static int try_raw6(const char *unused)
{
    (void)unused;
    return socket(AF_INET6, SOCK_RAW | SOCK_NONBLOCK, IPPROTO_ICMPV6);
}

static int try_packet(const char *unused)
{
    (void)unused;
    return socket(AF_PACKET, SOCK_DGRAM, 0);
}

static int try_packet_upper(const char *unused)
{
    (void)unused;
    return (int)syscall(SYS_socket, UPPER | AF_PACKET, SOCK_DGRAM, 0);
}

static int try_raw_upper(const char *unused)
{
    (void)unused;
    return (int)syscall(SYS_socket, UPPER | AF_INET, SOCK_RAW, IPPROTO_ICMP);
}

static int try_vsock(const char *unused)
{
    (void)unused;
    return socket(AF_VSOCK, SOCK_STREAM, 0);
}

static int try_algorithms(const char *unused)
{
    (void)unused;
    return socket(AF_ALG, SOCK_SEQPACKET, 0);
}

static int try_events(const char *unused)
{
    (void)unused;
    return socket(AF_NETLINK, SOCK_RAW, NETLINK_KOBJECT_UEVENT);
}

static int try_audit(const char *unused)
{
    (void)unused;
    return socket(AF_NETLINK, SOCK_RAW, NETLINK_AUDIT);
}

/* ---- another view */

static int try_unshare(const char *unused)
{
    (void)unused;
    return unshare(CLONE_NEWUSER);
}

static int try_unshare_mounts(const char *unused)
{
    (void)unused;
    return unshare(CLONE_NEWNS);
}

/* The child, if there is one, ends at once. */
static int clone_with(unsigned long flags)
{
    const pid_t child = (pid_t)syscall(SYS_clone, flags | SIGCHLD, NULL, NULL, NULL,
                                       NULL);

    if (child == 0)
        _exit(0);
    return child;
}

static int try_clone_user(const char *unused)
{
    (void)unused;
    return clone_with(CLONE_NEWUSER);
}

static int try_clone_network(const char *unused)
{
    (void)unused;
    return clone_with(CLONE_NEWNET | CLONE_NEWPID);
}

static int try_clone3(const char *unused)
{
    struct clone_args arguments = {.flags = CLONE_NEWUSER, .exit_signal = SIGCHLD};
    const pid_t child = (pid_t)syscall(SYS_clone3, &arguments, sizeof arguments);

    (void)unused;
    if (child == 0)
        _exit(0);
    return child;
}

static int try_setns(const char *path)
{
    const int space = open(path, O_RDONLY | O_CLOEXEC);

    return space < 0 ? -1 : setns(space, 0);
}

static int try_mount(const char *path)
{
    return mount("tmpfs", path, "tmpfs", 0, NULL);
}

static int try_remount(const char *path)
{
    return mount(NULL, path, NULL, MS_REMOUNT | MS_BIND, NULL);
}

static int try_umount(const char *path)
{
    return umount2(path, MNT_DETACH);
}

static int try_fsopen(const char *unused)
{
    (void)unused;
    return fsopen("tmpfs", 0);
}

static int try_open_tree(const char *path)
{
    return open_tree(AT_FDCWD, path, OPEN_TREE_CLONE);
}

static int try_mount_setattr(const char *path)
{
    struct mount_attr attr = {.attr_clr = MOUNT_ATTR_RDONLY};

    return mount_setattr(AT_FDCWD, path, 0, &attr, sizeof attr);
}

static int try_chroot(const char *path)
{
    return chroot(path);
}

static int try_pivot_root(const char *path)
{
    return (int)syscall(SYS_pivot_root, path, path);
}

static int try_handle(const char *path)
{
    struct file_handle handle = {.handle_bytes = 0};
    int mount_id;

    return name_to_handle_at(AT_FDCWD, path, &handle, &mount_id, 0);
}

static int try_open_handle(const char *unused)
{
    struct file_handle handle = {.handle_bytes = 0};

    (void)unused;
    return open_by_handle_at(AT_FDCWD, &handle, 0);
}

/* ---- other rights */

static int try_setuid(const char *unused)
{
    (void)unused;
    return setuid(0);
}

static int try_capability(const char *unused)
{
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct data[2] = {{.effective = 1, .permitted = 1}};

    (void)unused;
    return (int)syscall(SYS_capset, &header, data);
}

/* A program that says by its exit status who it is: 0 for user 0. */
static int status_of(const char *const words[])
{
    int status = -1;
    const pid_t child = fork();

    if (child == 0) {
        (void)execv(words[0], (char *const *)words);
        _exit(errno);
    }
    if (waitpid(child, &status, 0) != child)
        return -1;
    errno = WIFEXITED(status) ? WEXITSTATUS(status) : EINTR;
    return status == 0 ? 0 : -1;
}

/* `path` is this program, with the right to be another. */
static int try_setuid_program(const char *path)
{
    const char *const words[] = {path, "is_root", NULL};

    return status_of(words);
}

static int try_is_root(const char *unused)
{
    (void)unused;
    errno = EPERM;
    return geteuid() == 0 ? 0 : -1;
}

static int try_chmod_setuid(const char *path)
{
    return chmod(path, 04755);
}

static int try_create_setuid(const char *path)
{
    return open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 04755);
}

static int try_anonymous_setuid(const char *path)
{
    return open(path, O_WRONLY | O_TMPFILE | O_CLOEXEC, 02755);
}

/* ---- programs of one's own */

static bool copy(int out, const char *path)
{
    char block[65536];
    const int in = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t len = 0;

    while (in >= 0 && (len = read(in, block, sizeof block)) > 0)
        if (write(out, block, (size_t)len) != len)
            return false;
    if (in >= 0)
        (void)close(in);
    return in >= 0 && len == 0;
}

/* Copies itself to `path`, and runs that; by the linker: as data to something that may.
 */
static int run_copy(const char *path, bool by_linker)
{
    const char *const plain[] = {path, "nothing", NULL};
    const char *const linked[] = {LINKER, path, "nothing", NULL};
    const int file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0755);

    if (file < 0 || !copy(file, "/proc/self/exe"))
        return -1;
    (void)close(file);
    return status_of(by_linker ? linked : plain);
}

static int try_run(const char *path)
{
    return run_copy(path, false);
}

static int try_link_and_run(const char *path)
{
    return run_copy(path, true);
}

static int try_map(const char *path)
{
    const int file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0755);

    if (file < 0 || ftruncate(file, 4096) != 0)
        return -1;
    return mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE, file, 0) == MAP_FAILED
               ? -1
               : 0;
}

static int run_from_memory(unsigned flags)
{
    char path[64];
    const char *const words[] = {path, "nothing", NULL};
    const int file = memfd_create("program", flags);

    if (file < 0 || !copy(file, "/proc/self/exe"))
        return -1;
    (void)fchmod(file, 0755);
    (void)snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    return status_of(words);
}

static int try_run_memory(const char *unused)
{
    (void)unused;
    return run_from_memory(0);
}

static int try_run_memory_asking(const char *unused)
{
    (void)unused;
    return run_from_memory(0x10); /* MFD_EXEC */
}

static int try_nothing(const char *unused)
{
    (void)unused;
    return 0;
}

/* ---- what is left lying about */

static int try_descriptors(const char *unused)
{
    (void)unused;
    for (int descriptor = 3; descriptor < 4096; descriptor++)
        if (fcntl(descriptor, F_GETFD) >= 0)
            return descriptor;
    return -1;
}

static int try_terminal(const char *unused)
{
    (void)unused;
    return ioctl(STDIN_FILENO, TIOCSTI, "x");
}

static int try_terminal_upper(const char *unused)
{
    (void)unused;
    return (int)syscall(SYS_ioctl, STDIN_FILENO, UPPER | TIOCSTI, "x");
}

static int try_console(const char *unused)
{
    (void)unused;
    return ioctl(STDIN_FILENO, TIOCLINUX, "\2");
}

static int try_line(const char *unused)
{
    const int line = 21; /* one of the drivers that had holes */

    (void)unused;
    return ioctl(STDIN_FILENO, TIOCSETD, &line);
}

/* ---- the kernel: every argument is nonsense, so that nothing happens if it is heard */

#define TRY(name, call)                                                                  \
    static int try_##name(const char *unused)                                            \
    {                                                                                    \
        (void)unused;                                                                    \
        return (int)syscall(call, -1, -1, -1, -1, -1, -1);                               \
    }

TRY(io_uring, SYS_io_uring_setup)
TRY(io_uring_enter, SYS_io_uring_enter)
TRY(keyctl, SYS_keyctl)
TRY(add_key, SYS_add_key)
TRY(request_key, SYS_request_key)
TRY(bpf, SYS_bpf)
TRY(perf, SYS_perf_event_open)
TRY(userfaultfd, SYS_userfaultfd)
TRY(kexec, SYS_kexec_load)
TRY(module, SYS_finit_module)
TRY(reboot, SYS_reboot)
TRY(swap, SYS_swapon)
TRY(quota, SYS_quotactl)
TRY(accounting, SYS_acct)
TRY(clock, SYS_clock_settime)
TRY(log, SYS_syslog)
TRY(hostname, SYS_sethostname)
TRY(fanotify, SYS_fanotify_init)
TRY(unknown, 100000)

static int try_personality(const char *unused)
{
    (void)unused;
    return personality(ADDR_NO_RANDOMIZE);
}

#if defined(__x86_64__)
TRY(ports, SYS_iopl)

/* getpid() by the numbers of another architecture. */
TRY(x32, 0x40000000 | SYS_getpid)

static int try_i386(const char *unused)
{
    long result = 20;

    (void)unused;
    __asm__ volatile("int $0x80" : "+a"(result) : : "memory", "r8", "r9", "r10", "r11");
    return (int)result;
}
#endif

#define ROW(name)                                                                        \
    {                                                                                    \
#name, try_##name                                                                \
    }
static const struct {
    const char *name;
    int (*attempt)(const char *argument);
} attempts[] = {
    ROW(read),
    ROW(open),
    ROW(write),
    ROW(list),
    ROW(remove),
    ROW(mknod),
    ROW(mknodat),
    ROW(ptrace),
    ROW(trace_child),
    ROW(memory),
    ROW(memory_write),
    ROW(kill),
    ROW(take_descriptor),
    ROW(kcmp),
    ROW(unix),
    ROW(abstract),
    ROW(tcp),
    ROW(tcp6),
    ROW(udp_outside),
    ROW(udp6_outside),
    ROW(raw),
    ROW(raw6),
    ROW(packet),
    ROW(packet_upper),
    ROW(raw_upper),
    ROW(vsock),
    ROW(algorithms),
    ROW(events),
    ROW(audit),
    ROW(unshare),
    ROW(unshare_mounts),
    ROW(clone_user),
    ROW(clone_network),
    ROW(clone3),
    ROW(setns),
    ROW(mount),
    ROW(remount),
    ROW(umount),
    ROW(fsopen),
    ROW(open_tree),
    ROW(mount_setattr),
    ROW(chroot),
    ROW(pivot_root),
    ROW(handle),
    ROW(open_handle),
    ROW(setuid),
    ROW(capability),
    ROW(setuid_program),
    ROW(is_root),
    ROW(chmod_setuid),
    ROW(create_setuid),
    ROW(anonymous_setuid),
    ROW(run),
    ROW(link_and_run),
    ROW(map),
    ROW(run_memory),
    ROW(run_memory_asking),
    ROW(nothing),
    ROW(descriptors),
    ROW(terminal),
    ROW(terminal_upper),
    ROW(console),
    ROW(line),
    ROW(io_uring),
    ROW(io_uring_enter),
    ROW(keyctl),
    ROW(add_key),
    ROW(request_key),
    ROW(bpf),
    ROW(perf),
    ROW(userfaultfd),
    ROW(kexec),
    ROW(module),
    ROW(reboot),
    ROW(swap),
    ROW(quota),
    ROW(accounting),
    ROW(clock),
    ROW(log),
    ROW(hostname),
    ROW(fanotify),
    ROW(personality),
    ROW(unknown),
#if defined(__x86_64__)
    ROW(ports),
    ROW(x32),
    ROW(i386),
#endif
};

/* Returns the status of one attempt; it is made here, so that it is this process's own.
 */
static int attempt(const char *name, size_t len, const char *argument)
{
    for (size_t i = 0; i < COUNT(attempts); i++)
        if (strlen(attempts[i].name) == len &&
            strncmp(attempts[i].name, name, len) == 0) {
            errno = 0;
            return attempts[i].attempt(argument) == -1 ? errno : 0;
        }
    return 126;
}

static int report(const char *word)
{
    const size_t len = strcspn(word, "=");
    int status = 0;
    const pid_t child = fork();

    if (child == 0)
        _exit(attempt(word, len, word[len] ? word + len + 1 : ""));
    if (waitpid(child, &status, 0) != child)
        return 126;
    if (WIFSIGNALED(status)) {
        printf("%s: killed: %s\n", word, strsignal(WTERMSIG(status)));
        return 128 + WTERMSIG(status);
    }
    status = WEXITSTATUS(status);
    if (status == 126)
        printf("%s: no such attempt\n", word);
    else if (status)
        printf("%s: refused: %s\n", word, strerrorname_np(status));
    else
        printf("%s: THROUGH\n", word);
    return status;
}

int main(int argc, char **argv)
{
    int status = 126, through = 0;

    for (int i = 1; i < argc; i++) {
        (void)fflush(stdout);
        status = report(argv[i]);
        through += status == 0;
    }
    return argc == 2 ? status : through;
}
