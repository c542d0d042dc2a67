"""read_pyoxigraph.py FORMAT FILE - what Oxigraph reads from a file, as N-Quads. FORMAT is one of its names: TURTLE …"""
import sys

import pyoxigraph

quads = pyoxigraph.parse(path=sys.argv[2], format=getattr(pyoxigraph.RdfFormat, sys.argv[1]))
pyoxigraph.serialize(quads, output=sys.stdout.buffer, format=pyoxigraph.RdfFormat.N_QUADS)
