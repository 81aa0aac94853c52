"""`make bench`: every benchmark in turn; ends with exit code 1 when a check on the way found something wrong."""

import argparse
import signal
import sys
import time

from bench import machine, nearest, rotation, saving, search, submit
from tests.servers import postgres

ROUNDS, QUICK_ROUNDS = 15, 4
POINTS, QUICK_POINTS = 2_000, 200


def main() -> int:
    quick = asked_to_be_quick()
    # A run that is told to end stops its servers and removes their files, as an interrupted one does.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    rounds = QUICK_ROUNDS if quick else ROUNDS
    started = time.monotonic()
    print(f"This takes about {'one minute' if quick else 'five minutes'} on two quiet cores.\n", flush=True)
    with postgres.running() as postgres_url:
        print(machine.described(postgres_url), flush=True)
        search.run(rounds=rounds)
        wrong = [*submit.run_on_sqlite(rounds=rounds), *submit.run_on_postgres(postgres_url, rounds=rounds)]
    wrong += saving.run(rounds=rounds)
    wrong += rotation.run()
    wrong += nearest.run(points=QUICK_POINTS if quick else POINTS)
    for problem in wrong:
        print(f"WRONG: {problem}", file=sys.stderr)
    print(f"\n{time.monotonic() - started:.0f} seconds; {len(wrong)} checks failed.")
    return 1 if wrong else 0


def asked_to_be_quick() -> bool:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="try it out: few rounds, no figures to keep")
    return bool(parser.parse_args().quick)


if __name__ == "__main__":
    sys.exit(main())
