"""The tests that take minutes, such as forty kills of a writing process; their outcome is kept.

`python -m bench.slow`, which is `make test-slow`.
"""

import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree
from pathlib import Path

from bench.common import ROOT, report, table


def main() -> int:
    """Run them, print, and keep what came of each; the exit status of pytest."""
    with tempfile.TemporaryDirectory() as folder:
        told = Path(folder) / "told.xml"
        status = subprocess.call([sys.executable, "-m", "pytest", "-m", "slow", f"--junit-xml={told}"], cwd=ROOT)
        cases = list(ElementTree.parse(told).iter("testcase"))
    rows = [(case.get("name"), _outcome(case), round(float(case.get("time", "0")))) for case in cases]
    report(
        "slow",
        "Tests that take minutes",
        table(("test", "outcome", "seconds"), rows),
        [{"test": name, "outcome": outcome, "seconds": seconds} for name, outcome, seconds in rows],
        "python -m bench.slow",
    )
    return status


def _outcome(case: ElementTree.Element) -> str:
    return next((child.tag for child in case if child.tag in ("failure", "error", "skipped")), "passed")


if __name__ == "__main__":
    sys.exit(main())
