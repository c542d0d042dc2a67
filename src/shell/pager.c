/* pager.c - the pager. */
#include "shell/pager.h"

#include "shell/console.h"

#include <errno.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *wished_pager(void)
{
	const char *const pager = getenv("PAGER");
	return pager && pager[0] ? pager : NULL;
}

int tt_pager_begin(void)
{
	const bool is_wanted = wished_pager() && isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
	const int fd = is_wanted ? memfd_create("answer", MFD_CLOEXEC) : -1;
	return fd >= 0 ? fd : STDOUT_FILENO;
}

/* Read a file from its begin; false at its end. */
static bool read_chunk(int fd, off_t *offset, char *chunk, size_t n_bytes, size_t *out_n)
{
	const ssize_t n = pread(fd, chunk, n_bytes, *offset);
	*out_n = n > 0 ? (size_t)n : 0;
	*offset += (off_t)*out_n;
	return n > 0;
}

/* Whether a file has more lines than the screen, the prompt's and the count's set aside. */
static bool is_long(int fd)
{
	enum { LINES_OF_OURS = 2 };
	struct winsize size;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_row <= LINES_OF_OURS) {
		return false;
	}
	char chunk[4096];
	size_t n = 0;
	size_t n_lines = 0;
	for (off_t offset = 0;
	     n_lines + LINES_OF_OURS <= size.ws_row && read_chunk(fd, &offset, chunk, sizeof chunk, &n);) {
		for (size_t i = 0; i < n; ++i) {
			n_lines += chunk[i] == '\n';
		}
	}
	return n_lines + LINES_OF_OURS > size.ws_row;
}

static void copy_to_terminal(int fd)
{
	char chunk[4096];
	size_t n = 0;
	for (off_t offset = 0; read_chunk(fd, &offset, chunk, sizeof chunk, &n);) {
		(void)fwrite(chunk, 1, n, stdout);
	}
	(void)tt_flush_output();
}

/* Run the pager with the file as its input; false if it cannot be started. Ctrl-C is for it as long as it runs. */
static bool run_pager(int fd)
{
	char *const arguments[] = {"sh", "-c", (char *)(uintptr_t)wished_pager(), NULL};
	posix_spawn_file_actions_t actions;
	pid_t pid = 0;
	if (posix_spawn_file_actions_init(&actions) != 0) {
		return false;
	}
	(void)lseek(fd, 0, SEEK_SET);
	const bool is_running = posix_spawn_file_actions_adddup2(&actions, fd, STDIN_FILENO) == 0 &&
	                        posix_spawn(&pid, "/bin/sh", &actions, NULL, arguments, environ) == 0;
	(void)posix_spawn_file_actions_destroy(&actions);
	while (is_running && waitpid(pid, NULL, 0) < 0 && errno == EINTR) {
	}
	*tt_interrupted() = 0;
	return is_running;
}

void tt_pager_end(int fd)
{
	if (fd == STDOUT_FILENO) {
		return;
	}
	if (!is_long(fd) || !run_pager(fd)) {
		copy_to_terminal(fd);
	}
	(void)close(fd);
}
