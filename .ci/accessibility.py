"""Checks pages with axe-core in headless Chromium; fails when a page breaks a rule.

python3 .ci/accessibility.py AXE_MIN_JS PAGE.html [PAGE.html ...]
"""

import html
import itertools
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

REPORT = """
<script>{axe}</script>
<script>
for (const one of document.querySelectorAll("details")) one.open = true;
axe.run(document, {{ runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"] }}).then(found => {{
  const told = found.violations.map(rule => ({{
    id: rule.id, help: rule.help, places: rule.nodes.length, first: rule.nodes[0].html.slice(0, 200),
  }}));
  const place = document.createElement("pre");
  place.id = "axe-result";
  place.textContent = JSON.stringify({{ passes: found.passes.length, violations: told }});
  document.body.append(place);
}});
</script>
"""


def check(page: Path, axe: str, width: int) -> dict:
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "page.html"
        text = page.read_text(encoding="utf-8")
        copy.write_text(text.replace("</body>", REPORT.format(axe=axe) + "</body>"), encoding="utf-8")
        command = [
            "chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
            f"--window-size={width},900", f"--user-data-dir={folder}/profile", "--virtual-time-budget=120000",
            "--timeout=120000", "--dump-dom", copy.as_uri(),
        ]
        shown = subprocess.run(command, capture_output=True, text=True, timeout=300, check=True).stdout
    found = re.search(r'<pre id="axe-result">(.*?)</pre>', shown, re.S)
    if not found:
        raise SystemExit(f"{page}: axe-core gave no answer")
    return json.loads(html.unescape(found.group(1)))


def main() -> None:
    axe = Path(sys.argv[1]).read_text(encoding="utf-8")
    broken = 0
    # a phone and a desk in turn: a large page takes a minute
    for page, width in zip(map(Path, sys.argv[2:]), itertools.cycle((390, 1280))):
        found = check(page, axe, width)
        print(f"{page} at {width} px: {found['passes']} rules hold, {len(found['violations'])} broken")
        for rule in found["violations"]:
            print(f"  {rule['id']}: {rule['help']} ({rule['places']} places), first: {rule['first']}")
        broken += len(found["violations"]) + (found["passes"] < 10)
    sys.exit(1 if broken else 0)


main()
