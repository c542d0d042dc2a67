#!/usr/bin/env python3
"""stores.py - load, size, opening, commit and inserts of Tertium beside other stores in one run, as ratios.

usage: bench/stores.py [--triples N] [--stores tertium,hashes,sqlite,virtuoso,tdb2] [--runs N] [--timeout SECONDS]

Each store that is installed gets fresh databases in a temporary folder. `hashes` and `sqlite` are rdfproc's (Debian:
redland-utils, librdf-storage-sqlite), `virtuoso` is that of compare.py, `tdb2` is Jena's, by the jars in the folder
JENA_HOME/lib (as Jena's own archive or Maven fetch them) or by JENA_CLASSPATH. The slow ones get fewer triples; hence
the figures are per triple. No test depends on what is printed here.
"""
import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True
import compare  # pylint: disable=wrong-import-position

HERE = os.path.dirname(os.path.abspath(__file__))
BOOK = "http://example.org/book/77"
NEW = "http://example.org/new/"
NOTE = "http://example.org/note"
GRAPH = "http://default.example/"
LONG = 10  # seconds: a step that takes longer is not repeated


class Store:
    """A store that is a program, run once for each step; the times contain its start and its end."""

    most_triples = most_inserts = 100000000

    def __init__(self, timeout):
        self.timeout, self.folder = timeout, None

    def run(self, *command):
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=self.timeout)
        if done.returncode:
            raise RuntimeError((done.stderr or b"exit status %d" % done.returncode).decode().strip().splitlines()[-1])
        return done.stdout

    def create(self, folder):
        """An empty database."""
        self.folder = folder
        os.makedirs(folder)

    def size(self):
        """The bytes that the database takes on the disk."""
        return int(self.run("du", "-s", "--block-size=1", self.folder).split()[0])

    def before_opening(self):
        """What has to be done, untimed, before the database is opened by query()."""

    def write_inserts(self, statements, path):
        """Write what inserts() takes: the statements as a SPARQL request of one operation each."""
        with open(path, "w", encoding="utf-8") as out:
            out.write(" ;\n".join("INSERT DATA { %s }" % statement for statement in statements))

    def close(self):
        """Stop what runs."""


class Tertium(Store):
    name, title = "tertium", "tertium"

    def __init__(self, timeout):
        super().__init__(timeout)
        self.program = os.environ.get("TERTIUM", "./tertium")

    def load(self, path):
        self.run(self.program, "load", "--db", self.folder, path)

    def query(self, iri):
        return self.run(self.program, "query", "--db", self.folder, "-f", "tsv", "-e", "SELECT * { <%s> ?p ?o }" % iri)

    def commit(self, iri):
        self.run(self.program, "update", "--db", self.folder, "-e", 'INSERT DATA { <%s> <%s> "one" }' % (iri, NOTE))

    def inserts(self, path):
        self.run(self.program, "update", "--db", self.folder, path)


class Redland(Store):
    """A storage of librdf through rdfproc, which adds statement by statement."""

    def __init__(self, timeout):
        super().__init__(timeout)
        if not shutil.which("rdfproc"):
            raise ImportError("rdfproc")
        if not re.search(rb"^ +%s " % self.name.encode(), self.run("rdfproc", "--help"), re.M):
            raise ImportError("storage of that name in librdf")

    def proc(self, *command, flags=()):
        options, place = (text.format(dir=self.folder) for text in (self.OPTIONS, self.PLACE))
        return self.run("rdfproc", "-q", *flags, "-s", self.name, "-t", options, place, *command)

    def load(self, path):
        self.proc("parse", path, "ntriples", flags=["-n"])

    def query(self, iri):
        return self.proc("find", iri, "-", "-")

    def commit(self, iri):
        self.proc("add", iri, NOTE, "one")

    def write_inserts(self, statements, path):
        with open(path, "w", encoding="utf-8") as out:
            out.writelines(statement + "\n" for statement in statements)

    def inserts(self, path):
        self.proc("parse", path, "ntriples")


class Hashes(Redland):
    name, title = "hashes", "rdfproc hashes (1)"
    most_triples = 1000000
    OPTIONS, PLACE = "hash-type='bdb',dir='{dir}',contexts='no'", "db"


class Sqlite(Redland):
    name, title = "sqlite", "rdfproc sqlite (2)"
    most_triples, most_inserts = 1000, 200
    OPTIONS, PLACE = "", "{dir}/db"


class Virtuoso(Store):
    """The server of compare.py; isql is run once for each step, and opening is the start of the server."""

    name, title = "virtuoso", "Virtuoso (3)"
    most_inserts = 10000

    def __init__(self, timeout):
        super().__init__(timeout)
        self.server = compare.Virtuoso(None, timeout)

    def sql(self, *what):
        return self.check(self.server.sql(*what))

    def check(self, done):
        if done.returncode or b"*** Error" in done.stderr + done.stdout:
            raise RuntimeError((done.stderr + done.stdout).decode().strip().splitlines()[0])
        return done.stdout

    def create(self, folder):
        self.close()
        super().create(folder)
        self.server.start(folder, os.path.dirname(folder))
        self.sql("exec=checkpoint;")

    def load(self, path):
        self.check(self.server.read(path))

    def size(self):
        """Of the pages in use: the file grows ahead of them in steps that are larger than small data."""
        pages, free = re.search(rb"(\d+) pages, (\d+) free", self.sql("exec=status('');")).groups()
        return (int(pages) - int(free)) * 8192

    def before_opening(self):
        self.sql("exec=checkpoint;")
        self.close()

    def query(self, iri):
        if not self.server.server:
            self.server.start(self.folder, os.path.dirname(self.folder))
        return self.sql("exec=SPARQL SELECT ?p ?o FROM <%s> { <%s> ?p ?o };" % (GRAPH, iri))

    def commit(self, iri):
        self.sql('exec=SPARQL INSERT DATA { GRAPH <%s> { <%s> <%s> "one" } };' % (GRAPH, iri, NOTE))

    def write_inserts(self, statements, path):
        with open(path, "w", encoding="utf-8") as out:
            out.write("SET AUTOCOMMIT MANUAL;\n")
            for statement in statements:
                out.write("SPARQL INSERT DATA { GRAPH <%s> { %s } };\n" % (GRAPH, statement))
            out.write("COMMIT WORK;\n")

    def inserts(self, path):
        self.sql(path)

    def close(self):
        self.server.close()


class Tdb2(Store):
    name, title = "tdb2", "Jena TDB2 (4)"

    def __init__(self, timeout):
        super().__init__(timeout)
        home = os.environ.get("JENA_HOME")
        self.classpath = os.environ.get("JENA_CLASSPATH") or (home and os.path.join(home, "lib", "*"))
        if not self.classpath or not shutil.which("java"):
            raise ImportError("java with Jena's jars (JENA_HOME or JENA_CLASSPATH says where)")

    def jena(self, program, *options):
        return self.run("java", "-cp", self.classpath, "tdb2." + program, "--loc=" + self.folder, *options)

    def create(self, folder):
        super().create(folder)
        self.query(BOOK)

    def load(self, path):
        self.jena("tdbloader", path)

    def query(self, iri):
        return self.jena("tdbquery", "--results=TSV", "SELECT * { <%s> ?p ?o }" % iri)

    def commit(self, iri):
        self.jena("tdbupdate", 'INSERT DATA { <%s> <%s> "one" }' % (iri, NOTE))

    def inserts(self, path):
        self.jena("tdbupdate", "--update=" + path)


def timed(step, *given):
    start = time.monotonic()
    step(*given)
    return time.monotonic() - start


def best(runs, before, step, *given):
    """Seconds: the best of so many, or of one that is long; before() is called, untimed, before each."""
    seconds = []
    while len(seconds) < runs and (not seconds or seconds[0] < LONG):
        before()
        seconds.append(timed(step, *given))
    return min(seconds)


def must_have(store, iri, number):
    """A store that lost something is not to be timed. Each row, and nothing else that is printed, holds an IRI."""
    rows = sum(b"://" in line for line in store.query(iri).splitlines())
    if rows < number:
        raise RuntimeError("%d statements about %s, not %d" % (rows, iri, number))


class Measurement:
    """The figures of one store, in the order of COLUMNS; one that could not be had is missing."""

    COLUMNS = (("load", "us/triple", "%.2f"), ("on disk", "B/triple", "%.1f"), ("open+query", "ms", "%.1f"),
               ("commit", "ms", "%.1f"), ("inserts", "us/triple", "%.1f"))

    def __init__(self, store, lines, n_inserts, runs, work):
        self.store, self.runs, self.work = store, runs, work
        self.lines = lines[:store.most_triples]
        self.n_inserts = min(n_inserts, store.most_inserts)
        self.n_databases, self.empty = 0, 0
        self.figures, self.problem = [], ""

    def fresh(self):
        """A new database, and away with the last one."""
        self.store.close()
        if self.n_databases:
            shutil.rmtree(self.store.folder)
        self.n_databases += 1
        self.store.create(os.path.join(self.work, "%s.%d" % (self.store.name, self.n_databases)))
        self.empty = self.store.size()

    def path(self, what):
        return os.path.join(self.work, "%s.%s" % (self.store.name, what))

    def measure(self):
        try:
            self.all_steps()
        except subprocess.TimeoutExpired as error:
            self.problem = "a step took more than %g s" % error.timeout
        except (RuntimeError, OSError) as error:
            self.problem = str(error)
        finally:
            self.store.close()
            shutil.rmtree(self.store.folder, ignore_errors=True)

    def all_steps(self):
        store, n = self.store, len(self.lines)
        data, inserts = self.path("nt"), self.path("inserts")
        with open(data, "w", encoding="utf-8") as out:
            out.writelines(self.lines)
        self.figures.append(best(self.runs, self.fresh, store.load, data) / n * 1e6)
        must_have(store, BOOK, len({line for line in self.lines if line.startswith("<%s> " % BOOK)}))
        self.figures.append((store.size() - self.empty) / n)
        self.figures.append(best(self.runs, store.before_opening, store.query, BOOK) * 1e3)
        names = [NEW + "single/%d" % i for i in range(self.runs)]
        self.figures.append(min(timed(store.commit, name) for name in names) * 1e3)
        must_have(store, names[-1], 1)
        store.write_inserts(['<%s%d> <%s> "Note %d" .' % (NEW, i, NOTE, i) for i in range(self.n_inserts)], inserts)
        self.figures.append(timed(store.inserts, inserts) / self.n_inserts * 1e6)
        must_have(store, NEW + str(self.n_inserts - 1), 1)


def parse_seconds(lines, runs, work):
    """What rapper takes to parse the data, which is the least that a load can take."""
    path = os.path.join(work, "rapper.nt")
    with open(path, "w", encoding="utf-8") as out:
        out.writelines(lines)
    return best(runs, lambda: None, lambda: subprocess.run(["rapper", "-q", "-c", "-i", "ntriples", path], check=True,
                                                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))


def row(title, triples, inserts, figures, own):
    line = "%-19s %9s %8s" % (title, triples, inserts)
    for i, (_, _, form) in enumerate(Measurement.COLUMNS):
        ratio = figures[i] / own[i] if i < len(figures) and i < len(own) else None
        line += " %10s %7s" % (form % figures[i] if i < len(figures) else "-",
                               "-" if ratio is None else ("%.2f" if ratio < 100 else "%.0f") % ratio)
    print(line, flush=True)


NOTES = """
Per triple are load (start and end of the program included), growth of what is on disk, and inserts of one triple
each in one transaction. Opening with a query of one subject, and a commit of one triple, are whole runs of a program.
Each ratio is to Tertium: above 1, Tertium takes less.
(1) no transactions  (2) rdfproc commits each statement by itself, in loads too  (4) with the start of Java
(3) opening is the start of the server, which runs in all other steps; a commit writes its log without a sync;
    on disk are the pages in use, not the file
"""


def main():
    options = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    options.add_argument("--triples", type=int, default=1000000, help="at least 1000")
    options.add_argument("--inserts", type=int, default=100000)
    options.add_argument("--stores", default="tertium,hashes,sqlite,virtuoso,tdb2")
    options.add_argument("--runs", type=int, default=3, help="of which the best counts")
    options.add_argument("--timeout", type=float, default=600, help="seconds for each step")
    given = options.parse_args()
    made = subprocess.run(["awk", "-v", "n=%d" % max(given.triples, 1000), "-f", os.path.join(HERE, "generate.awk")],
                          stdout=subprocess.PIPE, check=True)
    lines = made.stdout.decode().splitlines(keepends=True)
    stores, problems = [], []
    for kind in (Tertium, Hashes, Sqlite, Virtuoso, Tdb2):
        try:
            if kind.name in given.stores.split(","):
                stores.append(kind(given.timeout))
        except ImportError as error:
            problems.append("without %s: no %s" % (kind.name, error))
    print("%d N-Triples, %d bytes; best of %d" % (len(lines), len(made.stdout), given.runs))
    columns = Measurement.COLUMNS
    print("%-19s %9s %8s" % ("", "", ""), *("%10s %7s" % (name, "") for name, _, _ in columns))
    print("%-19s %9s %8s" % ("store", "triples", "inserts"), *("%10s %7s" % (unit, "ratio") for _, unit, _ in columns))
    own = []
    with tempfile.TemporaryDirectory(prefix="tertium-stores-") as work:
        for store in stores:
            measurement = Measurement(store, lines, given.inserts, given.runs, work)
            measurement.measure()
            if store.name == "tertium":
                own = measurement.figures
            row(store.title, len(measurement.lines), measurement.n_inserts, measurement.figures, own)
            if measurement.problem:
                problems.append("%s: %s" % (store.name, measurement.problem))
        if shutil.which("rapper"):
            parse = parse_seconds(lines, given.runs, work) / len(lines) * 1e6
            row("rapper -q -c", len(lines), "", [parse], own)
            problems += ["tertium load takes %.2f times what rapper -q -c takes" % (load / parse) for load in own[:1]]
        else:
            problems.append("without rapper: no rapper")
    print(NOTES.strip(), *problems, sep="\n")


if __name__ == "__main__":
    main()
