"""Import and trace of one world on this machine alone and with executors beside it.

    cluster.py --program cellsweep --cluster-program cellsweep-cluster --world WORLD/case --folder FOLDER
               [--executors 1,2,4] [--repeat 3]

Each executor does one task at a time. Medians of seconds; the bytes of every table are compared with those of one
machine. One JSON object on standard output. The standard library is enough.
"""

import argparse
import hashlib
import json
import os
import pathlib
import re
import secrets
import shutil
import statistics
import subprocess
import time


def run(words):
    start = time.monotonic()
    ended = subprocess.run([str(word) for word in words], capture_output=True, text=True)
    if ended.returncode not in (0, 4):
        raise SystemExit(f"{' '.join(map(str, words))}: {ended.returncode}\n{ended.stdout}{ended.stderr}")
    return time.monotonic() - start


def tables(case):
    """Every table's digest by its place in the case."""
    return {
        str(path.relative_to(case)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(case.rglob("*.parquet"))
    }


def once(program, world, folder, cluster):
    """Seconds of the import of the records, of a trace, and what they left."""
    case = folder / "case"
    shutil.rmtree(case, ignore_errors=True)
    run([program, "init", case, "--exercise"])
    for table in ("sectors", "facilities", "survey", "models", "ledger", "known_devices", "requests", "roster", "contacts"):
        files = [path for path in sorted(world.glob(f"{table}.*"))]
        if files:
            run([program, "import", table, *files, "--case", case])
    records = sorted(world.glob("records*"))
    took = {"import": run([program, "import", "records", *records, "--case", case, *cluster])}
    took["trace"] = run([program, "trace", "--case", case, *cluster])
    left = tables(case)
    shutil.rmtree(case)
    return took, left


class Machines:
    """A scheduler and its executors, for as long as the block."""

    def __init__(self, program, executors, folder):
        self.program, self.executors, self.folder, self.processes = program, executors, folder, []

    def __enter__(self):
        token = self.folder / "token"
        token.write_text(secrets.token_hex(32))
        words = [self.program, "scheduler", "--listen", "127.0.0.1:0", "--token", token]
        scheduler = subprocess.Popen(words, stderr=subprocess.PIPE, text=True)
        self.processes.append(scheduler)
        url = None
        while url is None:
            line = scheduler.stderr.readline()
            if not line:
                raise SystemExit("the scheduler ended")
            found = re.search(r"listens at (\S+)", line)
            url = found and found[1].replace("\x1b[0m", "")
        for _ in range(self.executors):
            words = [self.program, "executor", "--scheduler", url, "--token", token, "--slots", "1"]
            self.processes.append(subprocess.Popen(words, stderr=subprocess.DEVNULL))
        # Each says that it is there within a second or two.
        time.sleep(2)
        return ["--cluster", url, "--cluster-token", token]

    def __exit__(self, *_):
        for process in reversed(self.processes):
            process.terminate()
            process.wait()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", required=True)
    parser.add_argument("--cluster-program", required=True)
    parser.add_argument("--world", required=True, type=pathlib.Path)
    parser.add_argument("--folder", required=True, type=pathlib.Path)
    parser.add_argument("--executors", default="1,2,4")
    parser.add_argument("--repeat", type=int, default=3)
    asked = parser.parse_args()
    asked.folder.mkdir(parents=True, exist_ok=True)
    counts = [0, *map(int, asked.executors.split(","))]
    rows, alone = [], None
    for executors in counts:
        runs = []
        for _ in range(asked.repeat):
            if executors == 0:
                took, left = once(asked.program, asked.world, asked.folder, ["--threads", "1"])
                alone = left
            else:
                with Machines(asked.cluster_program, executors, asked.folder) as cluster:
                    took, left = once(asked.program, asked.world, asked.folder, cluster)
            if left != alone:
                raise SystemExit(f"{executors} executors left other bytes")
            runs.append(took)
        medians = {step: round(statistics.median(run[step] for run in runs), 2) for step in runs[0]}
        rows.append({"executors": executors, **medians})
    print(json.dumps({"cores": os.cpu_count(), "same_bytes": True, "rows": rows}, indent=1))


if __name__ == "__main__":
    main()
