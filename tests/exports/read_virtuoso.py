"""read_virtuoso.py FOLDER FILE… - what Virtuoso reads from each file, as N-Quads in FOLDER/NAME.nq.

The server of bench/compare.py is started on the loopback, with a database in the folder, and ended. The endings of the
files tell their syntax: .ttl .trig .nt .nq .rdf. A file that it refuses leaves no N-Quads.
"""
import json
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "bench"))
from compare import Virtuoso  # pylint: disable=wrong-import-position

DEFAULT = "http://default.graph.invalid/"
TTL = "DB.DBA.TTLP(file_open('%s'), '%s', '%s', %d); "
LOADERS = {
    ".ttl": lambda path: TTL % (path, DEFAULT, DEFAULT, 0),
    ".nt": lambda path: TTL % (path, DEFAULT, DEFAULT, 0),
    ".trig": lambda path: TTL % (path, DEFAULT, DEFAULT, 256),
    ".nq": lambda path: TTL % (path, DEFAULT, DEFAULT, 512),
    ".rdf": lambda path: "DB.DBA.RDF_LOAD_RDFXML(file_open('%s'), '%s', '%s'); " % (path, DEFAULT, DEFAULT),
}


class SmallVirtuoso(Virtuoso):
    """The settings of the benchmarks take more memory than a test should."""

    SETTINGS = Virtuoso.SETTINGS.replace("170000", "20000").replace("130000", "15000").replace("= 2G", "= 200M")


def escape(text):
    return "".join(c if 32 <= ord(c) != 127 and c not in '"\\' else "\\u%04X" % ord(c) for c in text)


def write(cell):
    """A term of an answer in JSON."""
    value = cell["value"]
    if cell["type"] == "bnode" or (cell["type"] == "uri" and value.startswith("nodeID://")):
        return "_:" + value.replace("nodeID://", "v").replace(":", "")
    if cell["type"] == "uri":
        return "<%s>" % value
    if "xml:lang" in cell:
        return '"%s"@%s' % (escape(value), cell["xml:lang"])
    return '"%s"' % escape(value) + ("^^<%s>" % cell["datatype"] if "datatype" in cell else "")


def quads(server):
    answer = json.loads(server.ask("SELECT ?g ?s ?p ?o { GRAPH ?g { ?s ?p ?o } }")[1])
    return [(row["g"]["value"], *(write(row[name]) for name in "spo")) for row in answer["results"]["bindings"]]


def main(folder, paths):
    server = SmallVirtuoso(folder, 120)
    try:
        server.start(os.path.join(folder, "virtuoso"), "/")
        own_graphs = {quad[0] for quad in quads(server)}
        for path in paths:
            loaded = server.sql("exec=log_enable(2); " + LOADERS[os.path.splitext(path)[1]](os.path.abspath(path)))
            if loaded.returncode or b"*** Error" in loaded.stderr:
                print("%s: %s" % (path, (loaded.stdout + loaded.stderr).decode().strip()), file=sys.stderr)
                continue
            found = [quad for quad in quads(server) if quad[0] not in own_graphs]
            with open(os.path.join(folder, os.path.basename(path) + ".nq"), "w", encoding="utf-8") as out:
                for graph, *triple in found:
                    name = "" if graph == DEFAULT else write({"type": "uri", "value": graph}) + " "
                    out.write("%s %s.\n" % (" ".join(triple), name))
            with open(os.path.join(folder, "clear.sql"), "w", encoding="utf-8") as out:
                out.writelines("SPARQL CLEAR GRAPH <%s>;\n" % graph for graph in {quad[0] for quad in found})
            server.sql(out.name)
    finally:
        server.close()


if __name__ == "__main__":
    main(os.path.abspath(sys.argv[1]), sys.argv[2:])
