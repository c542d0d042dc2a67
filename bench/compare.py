#!/usr/bin/env python3
"""compare.py - ask Tertium and other engines the same queries, compare times (as ratios) and answers.

usage: bench/compare.py [--triples N] [--set NAME] [--only TEXT] [--engines tertium,oxigraph,virtuoso] [--work DIR]

Makes the data with the awk scripts beside it, loads them once into each engine (kept in the work directory), and runs
the queries of queries/*.txt. `oxigraph` is the Python package pyoxigraph; `virtuoso` needs virtuoso-t and isql-vt
(Debian: virtuoso-opensource-7) and listens on the loopback only; what is not there is left out. Tertium is timed as a
process, start included; the others without their start. No test depends on what is printed here.
"""
import argparse
import hashlib
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
SETS = {"shop": "nt", "papers": "nt", "university": "nt", "social": "nq"}
OXIGRAPH_WORKER = """
import sys, time, pyoxigraph as o
store = o.Store.read_only(sys.argv[1])
text = sys.stdin.read()
start = time.monotonic()
out = store.query(text).serialize(format=o.QueryResultsFormat.JSON)
sys.stderr.write("%f" % (time.monotonic() - start))
sys.stdout.buffer.write(out)
"""


class Tertium:
    """Our own program."""

    name = "tertium"

    def __init__(self, work, timeout):
        self.program = os.environ.get("TERTIUM", "./tertium")
        self.work, self.timeout, self.db = work, timeout, None

    def load(self, key, path):
        self.db = os.path.join(self.work, key + ".tertium")
        if not os.path.exists(self.db):
            subprocess.run([self.program, "load", "--db", self.db, path], check=True, stdout=subprocess.DEVNULL)

    def ask(self, query):
        start = time.monotonic()
        done = subprocess.run([self.program, "query", "--db", self.db, "-f", "json", "--timeout", str(self.timeout), "-"],
                              input=query.encode(), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        seconds = time.monotonic() - start
        if done.returncode:
            raise RuntimeError("timeout" if done.returncode == 124 else done.stderr.decode().strip())
        return seconds, done.stdout

    def close(self):
        pass


class Oxigraph:
    """The Python package pyoxigraph, on its own disk store, a new process for each query so that it can be stopped."""

    name = "oxigraph"

    def __init__(self, work, timeout):
        import pyoxigraph  # pylint: disable=import-outside-toplevel
        self.package, self.work, self.timeout, self.db = pyoxigraph, work, timeout, None

    def load(self, key, path):
        self.db = os.path.join(self.work, key + ".oxigraph")
        if not os.path.exists(self.db):
            syntax = self.package.RdfFormat.N_QUADS if path.endswith("nq") else self.package.RdfFormat.N_TRIPLES
            store = self.package.Store(self.db)
            store.bulk_load(path=path, format=syntax)
            store.optimize()
            del store

    def ask(self, query):
        done = subprocess.run([sys.executable, "-c", OXIGRAPH_WORKER, self.db], input=query.encode(),
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=self.timeout)
        if done.returncode:
            raise RuntimeError(done.stderr.decode().strip().splitlines()[-1])
        return float(done.stderr.decode()), done.stdout

    def close(self):
        pass


def free_ports(number):
    """Ports of the loopback that nobody listens on."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(number)]
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


class Virtuoso:
    """Virtuoso as a server on the loopback, one database for each set of data."""

    name = "virtuoso"
    SETTINGS = """[Database]
DatabaseFile = {dir}/virtuoso.db
TransactionFile = {dir}/virtuoso.trx
ErrorLogFile = {dir}/virtuoso.log
LockFile = {dir}/virtuoso.lck
xa_persistent_file = {dir}/virtuoso.pxa
FileExtend = 200
MaxCheckpointRemap = 2000
[TempDatabase]
DatabaseFile = {dir}/virtuoso-temp.db
TransactionFile = {dir}/virtuoso-temp.trx
[Parameters]
ServerPort = 127.0.0.1:{port}
DirsAllowed = {allowed}
NumberOfBuffers = 170000
MaxDirtyBuffers = 130000
MaxQueryMem = 2G
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerRoot = {dir}
[SPARQL]
MaxQueryCostEstimationTime = 0
"""

    def __init__(self, work, timeout):
        if not shutil.which("virtuoso-t") or not shutil.which("isql-vt"):
            raise ImportError("virtuoso-t")
        self.work, self.timeout, self.server = work, timeout, None
        self.port, self.http = free_ports(2)

    def sql(self, *what):
        """What isql says to `exec=TEXT`, or to a file of statements."""
        return subprocess.run(["isql-vt", str(self.port), "dba", "dba", "VERBOSE=OFF", "BANNER=OFF", "PROMPT=OFF", *what],
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=self.timeout)

    def start(self, folder, allowed):
        """The server on the database in folder, made if need be; it may read files in the folder allowed."""
        os.makedirs(folder, exist_ok=True)
        settings = os.path.join(folder, "virtuoso.ini")
        with open(settings, "w", encoding="utf-8") as out:
            out.write(self.SETTINGS.format(dir=folder, port=self.port, http=self.http, allowed=allowed))
        self.server = subprocess.Popen(["virtuoso-t", "+configfile", settings, "+foreground"], cwd=folder,
                                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(1200):
            if self.sql("exec=SELECT 1;").returncode == 0:
                return
            time.sleep(0.05)
        raise RuntimeError("virtuoso-t does not answer")

    def read(self, path):
        """Add a file."""
        return self.sql("exec=log_enable(2); DB.DBA.TTLP(file_open('%s'), '', 'http://default.example/', %d); checkpoint;"
                        % (path, 512 if path.endswith("nq") else 0))

    def load(self, key, path):
        self.close()
        folder = os.path.join(self.work, key + ".virtuoso")
        is_new = not os.path.exists(folder)
        self.start(folder, os.path.dirname(path))
        if is_new:
            self.read(path)

    def ask(self, query):
        fields = urllib.parse.urlencode({"query": query, "format": "application/sparql-results+json"}).encode()
        start = time.monotonic()
        try:
            with urllib.request.urlopen("http://127.0.0.1:%d/sparql" % self.http, fields, timeout=self.timeout) as answer:
                data = answer.read()
        except urllib.error.HTTPError as error:
            raise RuntimeError(error.read().decode().strip().splitlines()[0]) from error
        return time.monotonic() - start, data

    def close(self):
        if self.server:
            self.server.send_signal(signal.SIGTERM)
            try:
                self.server.wait(self.timeout)
            except subprocess.TimeoutExpired:
                self.server.kill()
                self.server.wait()
            self.server = None


def read_queries(path):
    """The queries of a file: prologue, then `### name` before each."""
    with open(path, encoding="utf-8") as file:
        prologue, *rest = re.split(r"^### ", file.read(), flags=re.M)
    for piece in rest:
        name, text = piece.split("\n", 1)
        yield name.strip(), prologue + text


def canonical(cell):
    """A term as text that different engines agree on."""
    if cell["type"] == "bnode":
        return "_:"
    value = cell["value"]
    if re.fullmatch(r"[-+]?[0-9]*\.?[0-9]+([eE][-+]?[0-9]+)?", value):
        return "%.5g" % float(value)
    return value


def digest(data):
    """The number of rows, and a hash of them as a multiset."""
    answer = json.loads(data)
    if "boolean" in answer:
        return str(answer["boolean"]).lower()
    names = sorted(answer["head"]["vars"])
    rows = sorted("\t".join(canonical(row[name]) if name in row else "" for name in names)
                  for row in answer["results"]["bindings"])
    return "%d:%s" % (len(rows), hashlib.md5("\n".join(rows).encode()).hexdigest()[:6])


def run(engine, query):
    """Seconds (the better of two unless the first is long) and digest, or the reason why not."""
    try:
        seconds, data = engine.ask(query)
        if seconds < 2:
            seconds = min(seconds, engine.ask(query)[0])
        return seconds, digest(data)
    except (subprocess.TimeoutExpired, TimeoutError):
        return None, "timeout"
    except (RuntimeError, OSError, ValueError) as error:
        return None, "timeout" if "imeout" in str(error) or "timed out" in str(error) else "error " + str(error)[:60]


def report(name, engines, results):
    own_seconds, own = results[0]
    line = "%-42s %9s" % (name[:42], "%.3f" % own_seconds if own_seconds is not None else own[:30])
    best = min((s for s, _ in results[1:] if s is not None), default=None)
    notes = []
    for engine, (seconds, found) in zip(engines[1:], results[1:]):
        line += " %9s" % ("%.3f" % seconds if seconds is not None else found[:9])
        if seconds is not None and own_seconds is not None and found != own:
            notes.append("%s says %s, not %s" % (engine.name, found, own))
        elif seconds is None and found.startswith("error"):
            notes.append("%s: %s" % (engine.name, found))
    if best is not None and own_seconds is not None:
        line += " %6.2f" % (own_seconds / best)
    elif best is not None:
        notes.append("NOT ANSWERED")
    print(line, "; ".join(notes), flush=True)


def main():
    options = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    options.add_argument("--triples", type=int, default=1000000)
    options.add_argument("--set", action="append", choices=SETS)
    options.add_argument("--only", default="", help="queries whose name contains this")
    options.add_argument("--engines", default="tertium,oxigraph,virtuoso")
    options.add_argument("--timeout", type=float, default=60)
    options.add_argument("--work", default=os.path.join(os.environ.get("TMPDIR", "/tmp"), "tertium-bench"))
    given = options.parse_args()
    work = os.path.abspath(given.work)
    os.makedirs(work, exist_ok=True)
    engines = []
    for kind in (Tertium, Oxigraph, Virtuoso):
        try:
            if kind.name in given.engines.split(","):
                engines.append(kind(work, given.timeout))
        except ImportError as error:
            print("without %s: no %s" % (kind.name, error))
    try:
        for name in given.set or SETS:
            key = "%s-%d" % (name, given.triples)
            path = os.path.join(work, key + "." + SETS[name])
            if not os.path.exists(path):
                with open(path, "wb") as out:
                    subprocess.run(["awk", "-v", "n=%d" % given.triples, "-f", os.path.join(HERE, name + ".awk")],
                                   stdout=out, check=True)
            for engine in engines:
                engine.load(key, path)
            print("\n%-42s" % key, *("%9s" % engine.name for engine in engines), " ratio to the best other")
            for title, query in read_queries(os.path.join(HERE, "queries", name + ".txt")):
                if given.only in title:
                    report(title, engines, [run(engine, query) for engine in engines])
    finally:
        for engine in engines:
            engine.close()


if __name__ == "__main__":
    main()
