"""Reads each paper of a folder with odfpy, compares it with the text that went in, and validates its parts.

NAME.odt beside NAME.txt: paragraphs, each ended by a zero byte. Prints what is wrong; ends with 1 where something is.
"""

import io
import pathlib
import sys
import zipfile

import openxml_audit
from lxml import etree
from odf import opendocument, teletype
from odf.namespaces import TEXTNS
from openxml_audit import FileFormat, OdfValidator

SCHEMAS = pathlib.Path(openxml_audit.__file__).parent / "odf" / "schemas" / "odf-1.3"
GRAMMAR = etree.RelaxNG(etree.parse(str(SCHEMAS / "OpenDocument-v1.3-schema.rng")))
MANIFEST = etree.RelaxNG(etree.parse(str(SCHEMAS / "OpenDocument-v1.3-manifest-schema.rng")))
PARAGRAPHS = {(TEXTNS, "p"), (TEXTNS, "h")}


def paragraphs(node):
    """Texts of paragraphs and headings, in the order in which they are read."""
    if getattr(node, "qname", None) in PARAGRAPHS:
        yield teletype.extractText(node)
        return
    for child in getattr(node, "childNodes", []):
        yield from paragraphs(child)


def texts(file):
    """What odfpy reads differs from what went in: the first place where it does."""
    found = [text for text in paragraphs(opendocument.load(str(file)).text) if text]
    expected = file.with_suffix(".txt").read_bytes().decode().split("\0")[:-1]
    for index, (read, wanted) in enumerate(zip(found, expected)):
        if read != wanted:
            yield f"paragraph {index}: {read!r} instead of {wanted!r}"
            return
    if len(found) != len(expected):
        yield f"{len(found)} paragraphs instead of {len(expected)}"


def package(file):
    """ODF's rules of packages, and its RELAX NG schemas part by part."""
    with zipfile.ZipFile(file) as packed:
        if packed.testzip() is not None or packed.infolist()[0].filename != "mimetype":
            yield "damaged, or mimetype doesn't come first"
        for part in packed.namelist():
            if part.endswith(".xml"):
                grammar = MANIFEST if part.startswith("META-INF") else GRAMMAR
                if not grammar.validate(etree.parse(io.BytesIO(packed.read(part)))):
                    yield f"{part}: {grammar.error_log.last_error}"
    result = OdfValidator(file_format=FileFormat.ODF_1_3).validate(file)
    yield from (f"openxml-audit: {error}" for error in result.errors)


def main():
    bad = 0
    for file in sorted(pathlib.Path(sys.argv[1]).glob("*.odt")):
        for problem in [*texts(file), *package(file)]:
            print(f"{file.name}: {problem}")
            bad = 1
    sys.exit(bad)


main()
