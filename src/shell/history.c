/* history.c - history. Entries of several lines are kept whole, since readline writes a time stamp above each. */
#include "shell/history.h"

#include "shell/console.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <readline/history.h>

enum { MOST_ENTRIES = 2000 };

static char *file_name; /* NULL: there is no place for it */

static char *find_file(void)
{
	const char *const state = getenv("XDG_STATE_HOME");
	const char *const home = getenv("HOME");
	char *path = NULL;
	int n = 0;
	if (state && state[0] == '/') {
		n = asprintf(&path, "%s/tertium/history", state);
	} else if (home && home[0] == '/') {
		n = asprintf(&path, "%s/.local/state/tertium/history", home);
	}
	return n < 0 ? tt_must(NULL) : path;
}

/* Make the folders of a file, for the user only. */
static void make_folders(char *path)
{
	for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		(void)mkdir(path, 0700); /* if it fails, opening the file does */
		*slash = '/';
	}
}

void tt_history_begin(void)
{
	using_history();
	history_comment_char = '#';
	history_write_timestamps = 1;
	stifle_history(MOST_ENTRIES);
	file_name = find_file();
	if (!file_name) {
		return;
	}
	make_folders(file_name);
	const int fd = open(file_name, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	if (fd < 0) {
		free(file_name);
		file_name = NULL;
		return;
	}
	(void)close(fd);
	(void)read_history(file_name);
}

void tt_history_add(tt_view entry)
{
	char *const text = tt_must(strndup(entry.data, entry.size));
	HIST_ENTRY *const last = history_length ? history_get(history_base + history_length - 1) : NULL;
	if (text[0] && !(last && strcmp(last->line, text) == 0)) {
		add_history(text);
		if (file_name) {
			(void)append_history(1, file_name);
		}
	}
	free(text);
}

void tt_history_end(void)
{
	if (file_name) {
		(void)history_truncate_file(file_name, MOST_ENTRIES);
	}
	free(file_name);
	file_name = NULL;
	clear_history();
}
