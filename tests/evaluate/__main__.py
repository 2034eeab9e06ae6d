"""`python -m tests.evaluate [FOLDER] [-v]`: one table of what is exact, every miss below it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from tests.evaluate import Score, gold_folder

EXIT_NO_GOLD = 2


def parts() -> list[Callable[[Path], list[Score]]]:
    """Every part of the evaluation, in the order of the table."""
    from tests.evaluate.figures import evaluate_checks, evaluate_figures
    from tests.evaluate.narrative import evaluate_narrative
    from tests.evaluate.pages import evaluate_pages
    from tests.evaluate.reports import evaluate_reports
    from tests.evaluate.sentences import evaluate_sentences
    from tests.evaluate.tables import evaluate_tables
    from tests.evaluate.titles import evaluate_titles
    from tests.evaluate.variants import evaluate_variants

    return [
        *(evaluate_pages, evaluate_variants, evaluate_titles, evaluate_reports, evaluate_figures, evaluate_narrative),
        *(evaluate_sentences, evaluate_checks, evaluate_tables),
    ]


def main(arguments: list[str]) -> int:
    """Print the table; 2 without gold."""
    quiet = "-q" in arguments
    folders = [argument for argument in arguments if not argument.startswith("-")]
    folder = gold_folder(folders[0] if folders else None)
    if folder is None:
        print(
            "no gold: pages.jsonl is looked for in the folder given as argument, else in NIANBAO_GOLD, "
            "else in gold/ in the checkout",
            file=sys.stderr,
        )
        return EXIT_NO_GOLD
    scores = [score for part in parts() for score in part(folder)]
    width = max(len(score.name) for score in scores)
    print(f"{'what':<{width}}  exact     of")
    for score in scores:
        print(f"{score.name:<{width}}  {score.right:>5}  {score.total:>5}")
    if not quiet:
        for score in scores:
            for miss in score.misses:
                print(f"\n{score.name}\n  {miss}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
