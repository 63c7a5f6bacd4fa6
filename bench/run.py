"""`make bench`: every bench that needs no model and no network, one after the other."""

import subprocess
import sys

BENCHES = (
    "speed",
    "retrieval",
    "answers",
    "grounding",
    "grounding_baselines",
    "grounding_speed",
    "gists",
    "themes",
    "daily",
    "tables",
)


def main() -> None:
    """Run each in its own process, so that none warms another; a failed one does not stop the rest."""
    chosen = sys.argv[1:] or BENCHES
    failed = [
        name for name in chosen if subprocess.run([sys.executable, "-m", f"bench.{name}"], check=False).returncode
    ]
    if failed:
        sys.exit(f"failed: {', '.join(failed)}")


if __name__ == "__main__":
    main()
