/* apart.c - a child runs the test and writes its diagnostics into a file without a name; the parent waits. The limit is
 * one of processor time, so that a busy machine fails no test; a child that sleeps is ended later. */
#include "w3c/apart.h"

#include "w3c/answer.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static _Noreturn void run_child(apart_test test, void *user, unsigned seconds, int fd)
{
	const struct rlimit limit = {seconds, seconds};
	(void)setrlimit(RLIMIT_CPU, &limit);
	(void)alarm(3 * seconds);
	(void)dup2(fd, STDERR_FILENO); /* what a sanitizer says */
	FILE *const file = fdopen(fd, "w");
	const bool is_good = file && test(user, file);
	if (file) {
		(void)fclose(file);
	}
	exit(is_good ? EXIT_SUCCESS : EXIT_FAILURE);
}

static bool wait_for(pid_t child, int fd)
{
	int status = -1;
	if (child < 0 || waitpid(child, &status, 0) != child) {
		(void)dprintf(fd, "the test could not be started\n");
		return false;
	}
	if (WIFSIGNALED(status)) {
		const bool is_late = WTERMSIG(status) == SIGALRM || WTERMSIG(status) == SIGKILL;
		const char *const what = is_late ? "no answer in time" : strsignal(WTERMSIG(status));
		(void)dprintf(fd, "%s\n", what);
	} else if (WEXITSTATUS(status) > EXIT_FAILURE) {
		(void)dprintf(fd, "ended with status %d\n", WEXITSTATUS(status));
	}
	return WIFEXITED(status) && WEXITSTATUS(status) == EXIT_SUCCESS;
}

bool run_apart(apart_test test, void *user, unsigned seconds, char **out_diagnostics)
{
	const int fd = memfd_create("diagnostics", MFD_CLOEXEC);
	(void)fflush(NULL);
	const pid_t child = fork();
	if (child == 0) {
		run_child(test, user, seconds, dup(fd));
	}
	const bool is_good = wait_for(child, fd);
	char *const path = must_print("/proc/self/fd/%d", fd);
	*out_diagnostics = read_whole_file(path, NULL);
	free(path);
	(void)close(fd);
	return is_good;
}

void print_diagnostics(const char *diagnostics)
{
	for (const char *line = diagnostics ? diagnostics : ""; *line;) {
		const size_t size = strcspn(line, "\n");
		(void)printf("# %.*s\n", (int)size, line);
		line += size + (line[size] == '\n');
	}
}
