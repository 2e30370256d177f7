"""`python -m benchmarks [NAME…]`: every measurement, each in a process of its own, one JSON line a figure."""

import subprocess
import sys
from pathlib import Path

NAMES = (
    "writer",
    "authentication",
    "luma",
    "rnnlg_slots",
    "grounding_rnnlg",
    "import_rows",
    "export",
    "staleness",
    "duplicates",
    "twins",
    "lexical",
    "search",
    "embedding",
    "search_sizes",
    "milvus",
    "saving",
    "index_life",
    "copy_filters",
)


def main() -> int:
    """Run them in order; the answer is 2 for an unknown name, 1 where one of them broke."""
    wanted = sys.argv[1:] or NAMES
    if unknown := [name for name in wanted if name not in NAMES]:
        print(f"no measurement {unknown[0]!r}; there are: {', '.join(NAMES)}", file=sys.stderr)
        return 2
    root = Path(__file__).parents[1]
    codes = [
        subprocess.run([sys.executable, "-m", f"benchmarks.{n}"], cwd=root, check=False).returncode
        for n in wanted
    ]
    return int(any(codes))


if __name__ == "__main__":
    sys.exit(main())
