"""Opens reports for Word with python-docx, which reads them independently of what wrote them.

python word.py REPORT.docx...
"""

import sys

import docx
from docx.oxml.ns import qn


def problems(path):
    document = docx.Document(path)
    styles = [paragraph.style.name for paragraph in document.paragraphs]
    if styles.count("Title") != 1:
        yield "it has no title, or more than one"
    if styles.count("Heading 1") < 5:
        yield f"it has {styles.count('Heading 1')} sections"
    if not document.core_properties.title:
        yield "its properties have no title"
    if document.core_properties.language not in ("nl-NL", "en-GB"):
        yield "its properties have no language"
    if not document.tables:
        yield "it has no tables"
    for at, table in enumerate(document.tables):
        if table.style.name == "Table of the report":
            first = table.rows[0]._tr.trPr
            if first is None or first.find(qn("w:tblHeader")) is None:
                yield f"table {at} does not repeat its head"
        if any(len(row.cells) != len(table.columns) for row in table.rows):
            yield f"table {at} has rows of different lengths"
    pictures = list(document.element.iter(qn("wp:docPr")))
    if not pictures:
        yield "it has no pictures"
    if any(not picture.get("descr") for picture in pictures):
        yield "a picture is not told"
    for blip in document.element.iter(qn("a:blip")):
        if not document.part.related_parts[blip.get(qn("r:embed"))].blob.startswith(b"\x89PNG"):
            yield "a picture is no PNG"
    if not "".join(paragraph.text for paragraph in document.sections[0].footer.paragraphs).strip():
        yield "its pages have no foot"


def main(paths):
    found = [f"{path}: {problem}" for path in paths for problem in problems(path)]
    for problem in found:
        print(problem)
    print(f"{len(paths)} documents opened")
    return 1 if found or not paths else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
