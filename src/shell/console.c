/* console.c - messages, exit statuses, terminal, Ctrl-C. */
#include "shell/console.h"

#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

int tt_exit_status(tt_status status)
{
	switch (status) {
	case TT_OK:
		return TT_EXIT_OK;
	case TT_BAD_ARGUMENT:
		return TT_EXIT_USAGE;
	case TT_TIMEOUT:
		return TT_EXIT_TIMEOUT;
	case TT_CANCELLED:
		return TT_EXIT_INTERRUPTED;
	default:
		return TT_EXIT_ERROR;
	}
}

int tt_flush_output(void)
{
	static int first_error;
	errno = 0;
	if ((fflush(stdout) != 0 || ferror(stdout)) && !first_error) {
		first_error = errno ? errno : EIO;
	}
	return first_error;
}

/* ---- messages -------------------------------------------------------------------------------------- */

/* Messages quote queries and files, which may hold anything: nothing but text reaches the terminal, and line ends where
 * they are meant. */
void tt_print_harmless(FILE *stream, const char *text, bool has_lines)
{
	for (const char *c = text; *c; ++c) {
		const unsigned char byte = (unsigned char)*c;
		const bool is_c1 = byte == 0xC2 && ((unsigned char)c[1] & 0xE0) == 0x80;
		const bool is_meant = byte == '\t' || (byte == '\n' && has_lines);
		if ((byte < ' ' && !is_meant) || byte == 0x7F) {
			(void)fprintf(stream, "\\x%02X", byte);
		} else if (is_c1) {
			(void)fprintf(stream, "\\x%02X", (unsigned char)*++c);
		} else {
			(void)fputc(byte, stream);
		}
	}
}

void tt_complain(const char *format, ...)
{
	char text[4096];
	va_list arguments;
	va_start(arguments, format);
	(void)vsnprintf(text, sizeof text, format, arguments);
	va_end(arguments);
	(void)tt_flush_output();
	(void)fputs("tertium: ", stderr);
	tt_print_harmless(stderr, text, false);
	(void)fputc('\n', stderr);
}

/* Place and sentence of a record. @param kind Stands before the sentence. */
static void word_record(const tt_error *error, const char *kind, char *out, size_t n_out)
{
	char place[sizeof error->file + 64];
	int n = snprintf(place, sizeof place, "%s%s", error->file, error->file[0] ? ":" : "");
	if (error->line && n >= 0) {
		n += snprintf(place + n, sizeof place - (size_t)n, "%zu:", error->line);
	}
	if (error->line && error->column && n >= 0) {
		(void)snprintf(place + n, sizeof place - (size_t)n, "%zu:", error->column);
	}
	(void)snprintf(out, n_out, "%s%s%s%s", place, place[0] ? " " : "", kind,
	               error->text[0] ? error->text : tt_status_name(error->status));
}

static void print_caret(FILE *stream, const tt_error *error)
{
	if (error->caret[0]) {
		tt_print_harmless(stream, error->caret, true);
		const size_t n_caret = strlen(error->caret);
		(void)fputs(error->caret[n_caret - 1] == '\n' ? "" : "\n", stream);
	}
}

/* The longest record in words. */
enum { RECORD_SIZE = sizeof((tt_error *)0)->file + sizeof((tt_error *)0)->text + 128 };

static void print_record(const tt_error *error, const char *kind)
{
	char text[RECORD_SIZE];
	word_record(error, kind, text, sizeof text);
	tt_complain("%s", text);
	print_caret(stderr, error);
}

void tt_print_message(FILE *stream, const tt_error *message)
{
	char text[RECORD_SIZE];
	word_record(message, "", text, sizeof text);
	tt_print_harmless(stream, text, false);
	(void)fputc('\n', stream);
	print_caret(stream, message);
}

/* Whether an error was told already, for stop(). */
static volatile sig_atomic_t is_told;

int tt_complain_error(const tt_error *error)
{
	if (!error) {
		tt_complain("out of memory");
		return TT_EXIT_ERROR;
	}
	print_record(error, "");
	is_told = 1;
	return tt_exit_status(error->status);
}

int tt_complain_db(const tt_db *db)
{
	return tt_complain_error(db ? tt_db_error(db) : NULL);
}

void tt_print_warning(void *user, const tt_error *warning)
{
	(void)user;
	print_record(warning, "warning: ");
}

/* ---- suggestions ----------------------------------------------------------------------------------- */

enum { LONGEST_NAME = 32 };

/* How many letters must be changed, added, left out or exchanged with their neighbour. */
static size_t distance(const char *a, const char *b)
{
	const size_t n_a = strlen(a);
	const size_t n_b = strlen(b);
	size_t d[LONGEST_NAME + 1][LONGEST_NAME + 1];
	if (n_a > LONGEST_NAME || n_b > LONGEST_NAME) {
		return SIZE_MAX;
	}
	for (size_t i = 0; i <= n_a; ++i) {
		for (size_t j = 0; j <= n_b; ++j) {
			if (!i || !j) {
				d[i][j] = i + j;
				continue;
			}
			size_t best = d[i - 1][j - 1] + (a[i - 1] != b[j - 1]);
			best = d[i - 1][j] + 1 < best ? d[i - 1][j] + 1 : best;
			best = d[i][j - 1] + 1 < best ? d[i][j - 1] + 1 : best;
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] && d[i - 2][j - 2] + 1 < best) {
				best = d[i - 2][j - 2] + 1;
			}
			d[i][j] = best;
		}
	}
	return d[n_a][n_b];
}

const char *tt_nearest(const char *typed, const char *const *names, size_t n, size_t stride)
{
	const char *nearest = NULL;
	size_t least = strlen(typed) / 3 + 1; /* more changes than that: another word */
	for (size_t i = 0; i < n; ++i) {
		const char *name = NULL;
		memcpy(&name, (const char *)names + i * stride, sizeof name);
		const size_t changes = name ? distance(typed, name) : SIZE_MAX;
		if (changes <= least && (!nearest || changes < least)) {
			nearest = name;
			least = changes;
		}
	}
	return nearest;
}

void *tt_must(void *memory)
{
	if (!memory) {
		tt_complain("out of memory");
		_exit(TT_EXIT_ERROR);
	}
	return memory;
}

/* ---- terminal -------------------------------------------------------------------------------------- */

size_t tt_console_width(int fd)
{
	struct winsize size;
	if (!isatty(fd)) {
		return 0;
	}
	return ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col ? size.ws_col : 80;
}

size_t tt_console_height(int fd)
{
	struct winsize size;
	return isatty(fd) && ioctl(fd, TIOCGWINSZ, &size) == 0 ? size.ws_row : 0;
}

static bool is_utf8;

/* What the environment asks for, also where that locale is not installed (a bare system, a container). */
static bool wants_utf8(void)
{
	static const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG"};
	for (size_t i = 0; i < sizeof names / sizeof *names; ++i) {
		const char *const value = getenv(names[i]);
		if (value && value[0]) {
			return strcasestr(value, "UTF-8") || strcasestr(value, "utf8");
		}
	}
	return false;
}

void tt_console_init(void)
{
	const bool is_set = setlocale(LC_CTYPE, "") != NULL;
	is_utf8 = is_set ? strcmp(nl_langinfo(CODESET), "UTF-8") == 0 : wants_utf8();
	if (strcmp(nl_langinfo(CODESET), "UTF-8") != 0) {
		/* Our data are UTF-8 whatever the user's character set is: the widths of letters need to be known. */
		(void)setlocale(LC_CTYPE, "C.UTF-8");
	}
}

bool tt_console_is_utf8(void)
{
	return is_utf8;
}

/* ---- Ctrl-C and the last resort
 * ---------------------------------------------------------------------------------------- */

/* A query polls often, but not within one call of a library, and memory takes its time to be freed. */
enum { GRACE_NANOSECONDS = 50 * 1000 * 1000 };

static volatile sig_atomic_t interrupted;
static volatile sig_atomic_t has_timer;
static timer_t timer;
static char of_time[80]; /* what stop() says */

static void note_interrupt(int signal_number)
{
	(void)signal_number;
	interrupted = 1;
	if (has_timer) {
		const struct itimerspec soon = {.it_value = {.tv_nsec = GRACE_NANOSECONDS}};
		(void)timer_settime(timer, 0, &soon, NULL);
	}
}

/* Nothing but what a signal handler may do. */
static void stop(int signal_number)
{
	static const char of_interrupt[] = "tertium: interrupted\n";
	const char *const text = interrupted ? of_interrupt : of_time;
	(void)signal_number;
	if (!is_told && write(STDERR_FILENO, text, strlen(text)) < 0) {
		/* there is nobody else to tell */
	}
	_exit(interrupted ? TT_EXIT_INTERRUPTED : TT_EXIT_TIMEOUT);
}

void tt_stop_by_force(double timeout_seconds)
{
	struct sigaction action = {.sa_handler = stop};
	(void)sigemptyset(&action.sa_mask);
	(void)sigaction(SIGALRM, &action, NULL);
	struct itimerspec end = {.it_value = {.tv_sec = (time_t)timeout_seconds}};
	const double nanoseconds = (timeout_seconds - (double)end.it_value.tv_sec) * 1e9 + GRACE_NANOSECONDS;
	end.it_value.tv_nsec = (long)nanoseconds % 1000000000;
	end.it_value.tv_sec += (long)nanoseconds / 1000000000;
	(void)snprintf(of_time, sizeof of_time, "tertium: stopped: the time allowed, %g s, is used up\n", timeout_seconds);
	if (timer_create(CLOCK_MONOTONIC, NULL, &timer) == 0) {
		has_timer = 1;
		(void)(timeout_seconds > 0 ? timer_settime(timer, 0, &end, NULL) : 0);
	}
}

void tt_catch_interrupts(bool is_once)
{
	struct sigaction action = {.sa_handler = note_interrupt};
	(void)sigemptyset(&action.sa_mask);
	action.sa_flags = is_once ? (int)SA_RESETHAND : 0; /* no SA_RESTART: reads and writes are to end, too */
	(void)sigaction(SIGINT, &action, NULL);
}

volatile sig_atomic_t *tt_interrupted(void)
{
	return &interrupted;
}
