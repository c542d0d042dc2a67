"""read_rdflib.py FORMAT FILE - what rdflib reads from a file, as N-Quads. FORMAT is one of its names: turtle, json-ld …"""
import sys

import rdflib
import rdflib.parser

# Else literals are written anew: "01" as "1".
rdflib.NORMALIZE_LITERALS = False

# It gives the default graph the name of the file, so the file is called as nothing else is.
NAME = "http://default.graph.invalid/"

data = rdflib.Dataset()
data.parse(sys.argv[2], format=sys.argv[1], publicID=NAME)
for line in data.serialize(format="nquads", encoding="utf-8").decode().split("\n"):
    if line:
        sys.stdout.buffer.write((line.removesuffix(" <%s> ." % NAME).removesuffix(" .") + " .\n").encode())
