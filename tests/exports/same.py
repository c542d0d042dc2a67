#!/usr/bin/env python3
"""same.py - whether two files of N-Quads say the same, up to the names of blank nodes.

usage: same.py [--merged] [--canonical] EXPECTED GOT...

GOT...       together; the blank nodes of each file are its own
--merged     of EXPECTED only the triples count, whatever their graphs
--canonical  numbers and truth values by their value: for a tool that keeps no lexical forms

Terms are compared letter by letter, but for the case of language tags, which RDF lets a tool change. Blank nodes are
told apart by what is said with them, refined until nothing changes; where some still look alike, one is matched with
each candidate in turn. A mapping that is found is tried on every quad. Prints how many quads there are and returns 0,
or says what differs and returns 1.
"""
import re
import sys
from collections import Counter
from decimal import Decimal

XSD = "http://www.w3.org/2001/XMLSchema#"
TERM = re.compile(r'<([^>]*)>|_:([^\s<>"]+)|"((?:[^"\\]|\\.)*)"(?:@([A-Za-z0-9-]+)|\^\^<([^>]*)>)?')
ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
LETTERS = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f", '"': '"', "'": "'", "\\": "\\"}
NUMBERS = {XSD + name for name in ("integer", "decimal", "double", "float", "boolean", "int", "long", "nonNegativeInteger")}


def unescape(text):
    def one(match):
        code = match.group(1) or match.group(2)
        return chr(int(code, 16)) if code else LETTERS[match.group(3)]
    return ESCAPE.sub(one, text)


def canonical(text, datatype):
    if datatype == XSD + "boolean":
        return {"1": "true", "0": "false"}.get(text, text)
    try:
        number = Decimal({"INF": "Infinity", "-INF": "-Infinity"}.get(text, text))
    except ArithmeticError:
        return text
    return str(float(number) if datatype in (XSD + "double", XSD + "float") else number.normalize())


def read_term(match, number, is_canonical):
    """A term as a tuple; the first part is its kind. Blank nodes are those of file `number`."""
    iri, label, text, language, datatype = match.groups()
    if iri is not None:
        return ("iri", unescape(iri))
    if label is not None:
        return ("blank", label, number)
    text = unescape(text)
    if language:
        return ("literal", text, "@" + language.lower())
    datatype = unescape(datatype or XSD + "string")
    if is_canonical and datatype in NUMBERS:
        text, datatype = canonical(text, datatype), "number"
    return ("literal", text, datatype)


def read(path, file_number, is_merged, is_canonical):
    quads = set()
    with open(path, encoding="utf-8", newline="\n") as lines:
        for line_number, line in enumerate(lines, 1):
            line = line.strip()
            if not line or line.startswith("#"):
                continue
            terms, at = [], 0
            while match := TERM.match(line, at):
                terms.append(read_term(match, file_number, is_canonical))
                at = match.end()
                while line[at:at + 1] in (" ", "\t"):
                    at += 1
            if line[at:] != "." or not 3 <= len(terms) <= 4:
                sys.exit("%s:%d: not a line of N-Quads: %s" % (path, line_number, line[:200]))
            quads.add(tuple(terms[:3]) + ((None,) if is_merged or len(terms) == 3 else (terms[3],)))
    return quads


def is_blank(term):
    return term is not None and term[0] == "blank"


class Data:
    """Quads, and for each blank node those in which it stands."""

    def __init__(self, quads):
        self.quads = quads
        self.around = {}
        for quad in quads:
            for term in quad:
                if is_blank(term):
                    self.around.setdefault(term, set()).add(quad)

    def refine(self, colours):
        """Colours of the nodes, told apart by what stands around them as far as that goes."""
        n_colours = len(set(colours.values()))
        while True:
            colours = {node: hash((colours[node], tuple(sorted(
                hash(tuple("self" if term == node else ("colour", colours[term]) if is_blank(term) else term
                           for term in quad)) for quad in quads)))) for node, quads in self.around.items()}
            n_now = len(set(colours.values()))
            if n_now == n_colours:
                return colours
            n_colours = n_now

    def painted(self, colours):
        return {tuple(("colour", colours[term]) if is_blank(term) else term for term in quad) for quad in self.quads}


def is_same(a, b, colours_a, colours_b):
    colours_a, colours_b = a.refine(colours_a), b.refine(colours_b)
    counts = Counter(colours_a.values())
    if counts != Counter(colours_b.values()):
        return False
    shared = [colour for colour, n in counts.items() if n > 1]
    if not shared:
        return a.painted(colours_a) == b.painted(colours_b)
    colour = min(shared, key=counts.get)
    chosen = next(node for node in colours_a if colours_a[node] == colour)
    return any(is_same(a, b, {**colours_a, chosen: 1}, {**colours_b, node: 1})
               for node in colours_b if colours_b[node] == colour)


def show(quad):
    return " ".join("_:" + term[1] if term[0] == "blank" else ascii(term[1] if term[0] == "iri" else term[1:])
                    for term in quad if term)[:300]


def tell_difference(a, b):
    """What is in one only: first quads without blank nodes, else those whose nodes look like none of the other."""
    painted = [{tuple("blank" if is_blank(term) else term for term in quad): quad for quad in data.quads} for data in (a, b)]
    for name, mine, other in (("missing", painted[0], painted[1]), ("too much", painted[1], painted[0])):
        found = sorted((quad for form, quad in mine.items() if form not in other), key=repr)
        for quad in found[:5]:
            print("%s: %s" % (name, show(quad)))
        if len(found) > 5:
            print("%s: %d more" % (name, len(found) - 5))


def main(arguments):
    options = {argument for argument in arguments if argument.startswith("--")}
    paths = [argument for argument in arguments if argument not in options]
    if len(paths) < 2 or options - {"--merged", "--canonical"}:
        sys.exit(__doc__)
    is_canonical = "--canonical" in options
    a = Data(read(paths[0], 0, "--merged" in options, is_canonical))
    b = Data(set().union(*(read(path, number, False, is_canonical) for number, path in enumerate(paths[1:]))))
    if not is_same(a, b, dict.fromkeys(a.around, 0), dict.fromkeys(b.around, 0)):
        print("%d quads are expected, %d are there" % (len(a.quads), len(b.quads)))
        tell_difference(a, b)
        return 1
    print("%d quads, %d blank nodes" % (len(a.quads), len(a.around)))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
