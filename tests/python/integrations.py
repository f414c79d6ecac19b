"""Runs every example of docs/integrations against a running service and the real packages.

    python -m venv venv && venv/bin/pip install -r tests/python/requirements.txt
    npm install --prefix node promptfoo
    venv/bin/python tests/python/integrations.py [--promptfoo node/node_modules/.bin/promptfoo] [NAME...]
"""

import argparse
import ast
import json
import os
import re
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

from service import PROGRAM, ROOT, index_in, serving

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
    (folder / "bin").mkdir()
    (folder / "bin/groundline").symlink_to(PROGRAM)
    more = {"PATH": f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}"}
    index = f"--index {shlex.quote(str(Path(index_in(folder.parent)).resolve()))}"
    *calls, reader = blocks("curl", "sh")
    ready = [block.replace(WRITTEN, address).replace("--index index", index) for block in calls]
    outputs = [run(["bash", "-c", block], folder, address, **more) for block in ready]
    one, whole, stream, keyed, changes, _documents, lines = outputs
    assert json.loads(one)["results"][0]["status"] == "ok", one
    assert len(json.loads(whole)["results"]) == 2, whole
    statuses = [json.loads(line)["status"] for line in stream.splitlines()]
    assert statuses == ["ok", "error", "ok"], statuses
    assert "200 OK" in keyed, keyed
    assert json.loads(changes)["complete"] is True, changes
    (line,) = [json.loads(line) for line in lines.splitlines()]
    shown = (line["id"], line["status"], line["coverage"], line["passages"][0]["id"])
    (written,) = blocks("curl", "json")
    assert all(f'"{value}"' in written for value in shown), shown
    # The page's ways to read such lines; one of these is an error, which has no passages.
    (folder / "out.jsonl").write_text(stream, encoding="utf-8")
    first = json.loads(stream.splitlines()[0])["passages"][0]["id"]
    rows = run(["bash", "-c", reader], folder, address).splitlines()
    assert [row.split("\t")[1] for row in rows] == statuses and rows[0].endswith(first), rows
    for program in blocks("curl", "python"):
        out = run([sys.executable, "-c", program], folder, address)
        assert first in out and "current" in out, out


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
    (_, without_model, _) = blocks("inspect", "sh")
    (folder / "guidelines.py").write_text(block, encoding="utf-8")
    # The command of the page, where the package's own program is found first; keys of a model would hide that none is needed.
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    run(["bash", "-c", without_model], folder, address, PATH=path, OPENAI_API_KEY="", INSPECT_DISPLAY="plain")
    reader = """
import json
from inspect_ai.log import list_eval_logs, read_eval_log

(log,) = [read_eval_log(one) for one in list_eval_logs("logs")]
assert log.status == "success", log.error
scores = [sample.scores["addressed_by_guidelines"] for sample in log.samples]
print(json.dumps([[score.value, score.explanation] for score in scores], default=str))
print(log.results.scores[0].metrics["accuracy"].value, log.results.scores[0].unscored_samples)
"""
    out = run([sys.executable, "-c", reader], folder, address).strip().splitlines()
    first, second = json.loads(out[0])
    assert first[0] == 1.0, out
    assert second[1] == "Nothing in force addresses this answer.", out
    assert out[1].split() == ["1.0", "1"], out


def mcp(folder, address, _):
    host, stdio, http = blocks("mcp", "python")
    index = str(Path(index_in(folder.parent)).resolve())
    out = run([sys.executable, "-c", stdio], folder, address, GROUNDLINE=str(PROGRAM), GROUNDLINE_INDEX=index)
    tools, found = out.strip().splitlines()
    assert sorted(ast.literal_eval(tools)) == ["check_claims", "fetch", "search"], out
    assert found.startswith("uspstf-breast-screening") and "mammography" in found, out
    out = run([sys.executable, "-c", http], folder, address)
    assert out.startswith("c1 ok addressed ['"), out
    (call,) = [block for block in blocks("mcp", "sh") if block.startswith("curl")]
    answer = json.loads(run(["bash", "-c", call.replace(WRITTEN, address)], folder, address))
    assert answer["result"]["structuredContent"]["results"], answer
    # The task of the host's page is made, and its tools are listed; a model would have to call them.
    host = host.replace('"groundline", args', f"{str(PROGRAM)!r}, args").replace("/full/path/to/index", index)
    lister = f"""
import asyncio
from inspect_ai.tool import ToolDef
grounded()
async def main():
    tools = await mcp_server_stdio(command={str(PROGRAM)!r}, args=["mcp", "--index", {index!r}]).tools()
    print(sorted(ToolDef(tool).name for tool in tools))
asyncio.run(main())
"""
    out = run([sys.executable, "-c", host + lister], folder, address)
    assert all(name in out for name in ("check_claims", "fetch", "search")), out


def promptfoo(folder, address, options):
    program = options.promptfoo
    if not program or not Path(program).exists():
        raise SystemExit("promptfoo is not installed: name it with --promptfoo")
    with_webhook, with_provider = blocks("promptfoo", "yaml")
    (provider,) = blocks("promptfoo", "js")
    (folder / "groundline.mjs").write_text(provider.replace(WRITTEN, address), encoding="utf-8")
    quiet = {"PROMPTFOO_DISABLE_TELEMETRY": "1", "PROMPTFOO_DISABLE_UPDATE": "1", "PROMPTFOO_CONFIG_DIR": str(folder / "pf")}

    def evaluated(config):
        (folder / "promptfooconfig.yaml").write_text(config.replace(WRITTEN, address), encoding="utf-8")
        command = [str(Path(program).resolve()), "eval", "-c", "promptfooconfig.yaml", "--no-cache", "-o", "out.json"]
        # A test that fails on purpose ends promptfoo with 100.
        more = {**os.environ, **quiet}
        done = subprocess.run(command, cwd=folder, env=more, capture_output=True, text=True, timeout=300, check=False)
        assert done.returncode in (0, 100), f"{done.stdout}\n{done.stderr}"
        results = json.loads((folder / "out.json").read_text(encoding="utf-8"))["results"]["results"]
        return sorted(results, key=lambda one: one["testIdx"])

    echo = evaluated(with_webhook)
    assert [one["success"] for one in echo] == [True, False], [one.get("gradingResult") for one in echo]
    assert "does not say that the output is right" in echo[0]["gradingResult"]["componentResults"][0]["reason"], echo[0]
    (ours,) = evaluated(with_provider)
    assert "mammography" in str(ours["response"]["output"]).lower(), ours["response"]


PAGES = {"curl": curl, "python": python, "langchain": langchain, "inspect": inspect, "mcp": mcp, "promptfoo": promptfoo}


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
