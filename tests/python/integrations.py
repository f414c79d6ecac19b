"""Runs every example of docs/integrations against a running service and the real packages.

    python -m venv venv && venv/bin/pip install -r tests/python/requirements.txt
    npm install --prefix node promptfoo
    venv/bin/python tests/python/integrations.py [--promptfoo node/node_modules/.bin/promptfoo] [NAME...]
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from service import ROOT, serving

WRITTEN = "http://127.0.0.1:8787"


def blocks(name, language):
    """The code blocks of one page in one language."""
    text = (ROOT / f"docs/integrations/{name}.md").read_text(encoding="utf-8")
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)


def run(command, folder, address, **more):
    """Runs a command that must succeed; what it printed."""
    environment = {**os.environ, "GROUNDLINE_URL": address, **more}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode == 0, f"{command}: {done.returncode}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def curl(folder, address, _):
    outputs = [run(["bash", "-c", block.replace(WRITTEN, address)], folder, address) for block in blocks("curl", "sh")]
    one, whole, stream, keyed, changes, _documents = outputs
    assert json.loads(one)["results"][0]["status"] == "ok", one
    assert len(json.loads(whole)["results"]) == 2, whole
    statuses = [json.loads(line)["status"] for line in stream.splitlines()]
    assert statuses == ["ok", "error", "ok"], statuses
    assert "200 OK" in keyed, keyed
    assert json.loads(changes)["complete"] is True, changes


def python(folder, address, _):
    client, use = blocks("python", "python")
    assert len(client.strip().splitlines()) <= 40
    (folder / "groundline_client.py").write_text(client, encoding="utf-8")
    out = run([sys.executable, "-I", "-c", f"import sys; sys.path.insert(0, '.')\n{use}"], folder, address)
    assert out.startswith("ok addressed") and "\n1. " in out, out
    assert len(re.findall(r"^ok \[", out, re.MULTILINE)) == 2, out


def langchain(folder, address, _):
    (block,) = blocks("langchain", "python")
    out = run([sys.executable, "-c", block], folder, address)
    assert len(out.strip().splitlines()) == 3 and "current" in out, out


def inspect(folder, address, _):
    (block,) = blocks("inspect", "python")
    answers = [
        "Biennial screening mammography is recommended for women aged 40 to 74 years.",
        "The best wallpaper for a waiting room is green.",
    ]
    # A solver that gives one answer a sample stands for the model: the package's mock would fetch a tokeniser.
    (folder / "guidelines.py").write_text(block, encoding="utf-8")
    driver = f"""
from inspect_ai import eval
from inspect_ai.model import ModelOutput
from inspect_ai.solver import solver
from guidelines import screening

@solver
def canned():
    async def solve(state, generate):
        state.output = ModelOutput.from_content("mock", {answers!r}[int(state.sample_id) - 1])
        return state
    return solve

log, = eval(screening(), model="mockllm/model", solver=canned(), display="none", log_dir="logs")
assert log.status == "success", log.error
import json
print(json.dumps([[s.scores["addressed_by_guidelines"].value, s.scores["addressed_by_guidelines"].explanation] for s in log.samples], default=str))
print(log.results.scores[0].metrics["accuracy"].value, log.results.scores[0].unscored_samples)
"""
    out = run([sys.executable, "-c", driver], folder, address).strip().splitlines()
    first, second = json.loads(out[0])
    assert first[0] == 1.0, out
    assert second[1] == "Nothing in force addresses this answer.", out
    assert out[1].split() == ["1.0", "1"], out


def promptfoo(folder, address, options):
    program = options.promptfoo
    if not program or not Path(program).exists():
        raise SystemExit("promptfoo is not installed: name it with --promptfoo")
    (config,) = blocks("promptfoo", "yaml")
    (provider,) = blocks("promptfoo", "js")
    (folder / "groundline.mjs").write_text(provider.replace(WRITTEN, address), encoding="utf-8")
    config = config.replace(WRITTEN, address).replace("  - echo\n", "  - echo\n  - file://groundline.mjs\n")
    (folder / "promptfooconfig.yaml").write_text(config, encoding="utf-8")
    quiet = {"PROMPTFOO_DISABLE_TELEMETRY": "1", "PROMPTFOO_DISABLE_UPDATE": "1", "PROMPTFOO_CONFIG_DIR": str(folder / "pf")}
    command = [str(Path(program).resolve()), "eval", "-c", "promptfooconfig.yaml", "--no-cache", "-o", "out.json"]
    # The second test fails on purpose: promptfoo ends with 100.
    done = subprocess.run(command, cwd=folder, env={**os.environ, **quiet}, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode in (0, 100), f"{done.stdout}\n{done.stderr}"
    results = json.loads((folder / "out.json").read_text(encoding="utf-8"))["results"]["results"]
    found = {(one["provider"]["id"], one["testIdx"]): one for one in results}
    echo = [found[("echo", at)] for at in (0, 1)]
    assert [one["success"] for one in echo] == [True, False], [one.get("gradingResult") for one in echo]
    assert "does not say that the output is right" in echo[0]["gradingResult"]["componentResults"][0]["reason"], echo[0]
    ours = next(one for (provider, at), one in found.items() if provider != "echo" and at == 0)
    assert "mammography" in str(ours["response"]["output"]).lower(), ours["response"]


PAGES = {"curl": curl, "python": python, "langchain": langchain, "inspect": inspect, "promptfoo": promptfoo}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--promptfoo", help="the program, as npm installed it")
    parser.add_argument("names", nargs="*", choices=[[], *PAGES], help="pages to run; all where none is named")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as base, serving(base) as address:
        for name in options.names or PAGES:
            folder = Path(base) / name
            folder.mkdir()
            PAGES[name](folder, address, options)
            print(f"{name}: every example ran", flush=True)
    print(f"integrations: {len(options.names or PAGES)} pages passed")


if __name__ == "__main__":
    main()
