"""`python -m tests.evaluate.formats [N]`: the official template with figures at random, N times in every format."""

from __future__ import annotations

import sys

from tests.support.formats.every import REPORTS, WORKBOOKS, report, values, workbook


def main(arguments: list[str]) -> int:
    """Print how many figures of how many came back exact from each format; 1 if any did not."""
    rounds = int(arguments[0]) if arguments else 10
    short = 0
    for made, names in ((report, REPORTS), (workbook, WORKBOOKS)):
        for name in names:
            exact = wrong = total = 0
            for seed in range(rounds):
                _, page, truth = made(name, 1000 + seed)
                got = values(page)
                total += len(truth)
                exact += sum(got.get(code) == value for code, value in truth.items())
                wrong += sum(value is not None and value != truth.get(code) for code, value in got.items())
            short += total - exact
            print(f"{name:12}{exact:8} of {total}, {wrong} wrong", flush=True)
    return 1 if short else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
