"""Checks the MCP server, over standard input and output and over HTTP, with the clients that hosts are made of.

    venv/bin/python tests/python/mcp_hosts.py --inspector node_modules/.bin/mcp-inspector

The official Python SDK (mcp_client.py beside this file does the checking), and the MCP Inspector's command line from npm:
both list the tools and call each of them.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from service import PROGRAM, index_in, serving

CLAIM = "Women should be screened for breast cancer every two years from 40."
CALLS = "100"


def sdk(target):
    """Every check of mcp_client.py; how many there were."""
    client = Path(__file__).with_name("mcp_client.py")
    command = [sys.executable, str(client), "--calls", CALLS, *target]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    return sum(line.startswith("ok ") for line in done.stdout.splitlines())


class Inspector:
    """The Inspector's command line before one server."""

    def __init__(self, program, target, home):
        self.command = [str(Path(program).resolve()), "--cli", *target]
        # It keeps a catalogue of servers in the user's own folder.
        self.environment = {**os.environ, "HOME": str(home)}

    def ask(self, method, *arguments):
        command = [*self.command, "--method", method, *arguments]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, env=self.environment)
        assert done.returncode == 0, f"{command}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        return json.loads(done.stdout)

    def call(self, tool, **arguments):
        pairs = [f"{name}={value if isinstance(value, str) else json.dumps(value)}" for name, value in arguments.items()]
        answer = self.ask("tools/call", "--tool-name", tool, "--tool-arg", *pairs)
        assert not answer.get("isError"), answer
        return answer["structuredContent"]

    def check(self):
        tools = {tool["name"]: tool for tool in self.ask("tools/list")["tools"]}
        assert sorted(tools) == ["check_claims", "fetch", "search"], sorted(tools)
        assert all(tool["annotations"]["readOnlyHint"] and tool["outputSchema"] for tool in tools.values()), tools
        found = self.call("search", query=CLAIM)["results"]
        passage = self.call("fetch", id=found[0]["id"])
        assert passage["id"] == found[0]["id"] and passage["metadata"]["quote"] in passage["text"], passage
        (result,) = self.call("check_claims", items=[{"id": "a", "claim": CLAIM}], k=3)["results"]
        assert (result["id"], result["status"]) == ("a", "ok") and result["passages"], result


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--inspector", required=True, help="the program, as npm installed it")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as base, serving(base) as address:
        stdio = [str(PROGRAM), "mcp", "--index", index_in(base)]
        checks = sdk(["--http", f"{address}/mcp"]) + sdk(["--stdio", *stdio])
        print(f"Python SDK: {checks} checks over HTTP and standard input", flush=True)
        for target in ([f"{address}/mcp"], stdio):
            Inspector(options.inspector, target, base).check()
            print(f"MCP Inspector: tools listed and called at {target[0].replace(address, '')}", flush=True)
    print("mcp: both clients passed, over both ways in")


if __name__ == "__main__":
    main()
