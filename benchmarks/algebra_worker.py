"""What does one checker answer, and how long does it take? Runs inside the checker's own environment.

    python algebra_worker.py NAME FOLDER…

FOLDERs go first on the path. Reads a JSON pair [a, b] a line, writes a line {answer, ms, cpu, note} for each:
subset, not-subset, unknown or crash. Standard library only, apart from the checker itself.
"""

import json
import os
import resource
import sys
import time
import warnings

MEMORY = 6 << 30
# Of a pair that is answered fast the best of a few times counts: the machine has other work to do.
TIMES, ENOUGH_MS = 3, 100


def cockpit():
    from cockpit.contracts.schema import subset

    def ask(a, b):
        answer = subset(a, b)
        return answer.outcome.value, answer.reason

    return ask


def jsonschema_rs():
    import jsonschema_rs as library

    def ask(a, b):
        return _word(str(library.canonicalize(b).covers(library.canonicalize(a)))), ""

    return ask


def jsonsubschema():
    import jsonsubschema as library

    return lambda a, b: (_word(library.isSubschema(a, b)), "")


def semantic_jsonsubschema():
    import semantic_jsonsubschema as library

    return lambda a, b: (_word(library.isSubschema(a, b)), "")


def jsoncompat():
    import jsoncompat as library

    # What the old schema accepted, the new one still has to read.
    return lambda a, b: (_word(library.check_compat(json.dumps(a), json.dumps(b), "deserializer")), "")


def subschema():
    import subschema as library

    def ask(a, b):
        try:
            return _word(library.is_subschema(a, b)), ""
        except library.UnsupportedProofError as error:
            return "unknown", str(error)

    return ask


def _word(answer):
    return {"true": "subset", "yes": "subset", "false": "not-subset", "no": "not-subset"}.get(
        str(answer).lower(), "unknown"
    )


def main():
    name, *folders = sys.argv[1:]
    sys.path[:0] = folders
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    warnings.simplefilter("ignore")
    # A checker that prints must not disturb the answers.
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    os.dup2(1, 2)
    ask = globals()[name]()
    for line in sys.stdin:
        a, b = json.loads(line)
        took, worked = [], []
        while len(took) < TIMES and sum(took) < ENOUGH_MS:
            began, cpu = time.perf_counter(), time.process_time()
            try:
                answer, note = ask(a, b)
            except (Exception, SystemExit) as error:
                answer, note = "crash", f"{type(error).__name__}: {error}"
            took.append((time.perf_counter() - began) * 1000)
            worked.append((time.process_time() - cpu) * 1000)
        answers.write(
            json.dumps(
                {"answer": answer, "ms": min(took), "cpu": min(worked), "note": " ".join(note.split())[:200]}
            )
            + "\n"
        )


if __name__ == "__main__":
    main()
