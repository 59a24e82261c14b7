"""`python tests/fuzz/run.py READER SECONDS [CORPUS]`: coverage-guided fuzzing of a reader; prints what came of it.

READER is one of text, html, mht, docx, doc, xlsx, ofd, pdf, archive, roster, recognise. The corpus (a temporary folder if
none is named) begins with `seeds`; finds are kept in build/fuzz/READER, the input beside what it did. Needs the extra `fuzz`.
"""

from __future__ import annotations

import re
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

MEMORY = 1500  # MB: what a file may take, and what the process has before
TIMEOUT = 300  # seconds of waiting for one input before the process is ended; what took long is told by the processor


def main(reader: str, seconds: int, corpus: Path) -> None:
    """Fuzz and print one line of figures, then every find."""
    from fuzz import seeds

    corpus.mkdir(parents=True, exist_ok=True)
    for number, data in enumerate(seeds.seeds(reader)):
        (corpus / f"seed{number:03}").write_bytes(data)
    finds = ROOT / "build" / "fuzz" / reader
    finds.mkdir(parents=True, exist_ok=True)
    command = [
        sys.executable, str(Path(__file__).with_name("target.py")), reader, str(finds), str(corpus), "-seed=1", f"-max_total_time={seconds}",
        f"-timeout={TIMEOUT}", f"-rss_limit_mb={MEMORY}", "-max_len=80000", "-len_control=0", "-print_final_stats=1", f"-artifact_prefix={finds}/",
    ]  # fmt: skip
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    output = done.stdout.decode("utf-8", "replace")
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    executions = re.findall(r"stat::number_of_executed_units:\s*(\d+)", output) or re.findall(r"^#(\d+)", output, re.M)
    covered = re.findall(r"cov: (\d+) ft: (\d+) corp: (\d+)", output)
    places = sorted(finds.glob("*.txt"))
    print(
        f"{reader}: {used / 60:.1f} min of processor, {(executions or ['0'])[-1]} executions, branches, features and "
        f"corpus {' '.join(covered[-1]) if covered else '?'} (from {' '.join(covered[0]) if covered else '?'}), "
        f"{len(places)} finds, ended with {done.returncode}"
    )
    for path in places:
        print(f"  {path.read_text().splitlines()[0]} ({path.with_suffix('.bin').stat().st_size} bytes)")
    if done.returncode:
        print(output[-3000:])


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        main(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]) if len(sys.argv) > 3 else Path(folder))
