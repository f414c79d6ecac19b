"""A running service for the tests in this folder.

GROUNDLINE names the program [target/release/groundline]; GROUNDLINE_TEST_INDEX an index that is there already, so that
several scripts need not each build one.
"""

import json
import os
import shutil
import socket
import subprocess
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = Path(os.environ.get("GROUNDLINE", ROOT / "target/release/groundline")).resolve()


def index_in(folder):
    """Where the index lies that a service of this folder answers from."""
    return os.environ.get("GROUNDLINE_TEST_INDEX", str(Path(folder) / "index"))


@contextmanager
def serving(folder, *arguments):
    """A service over a copy of the starter corpus, for callers may change it; its index in `folder`: gives the address."""
    folder = Path(folder).resolve()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    shutil.copytree(ROOT / "corpus/starter", folder / "corpus/starter", dirs_exist_ok=True)
    corpus = [] if "GROUNDLINE_TEST_INDEX" in os.environ else ["--corpus", "corpus/starter"]
    index = str(Path(index_in(folder)).resolve())
    command = [str(PROGRAM), "serve", "--listen", f"127.0.0.1:{port}", "--index", index, *corpus]
    command += ["--data", str(folder / "data"), *arguments]
    with open(folder / "service.log", "w", encoding="utf-8") as log:
        # In its own folder: without --corpus the service's corpus is the one beside it.
        process = subprocess.Popen(command, stderr=log, stdout=log, cwd=folder)
        try:
            wait_for(address, process)
            yield address
        finally:
            process.terminate()
            process.wait(timeout=30)


def wait_for(address, process):
    """Waits until the service is ready; building its index may take a while."""
    for _ in range(600):
        if process.poll() is not None:
            raise SystemExit(f"the service ended with {process.returncode}")
        try:
            with urllib.request.urlopen(f"{address}/readyz", timeout=2) as answer:
                if json.load(answer)["status"] == "ok":
                    return
        except OSError:
            time.sleep(0.5)
    raise SystemExit("the service did not become ready")
