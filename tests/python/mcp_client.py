"""Speaks to Groundline's MCP server with the official Python SDK, as a host would, and checks what it says.

    python mcp_client.py --http http://127.0.0.1:8787/mcp
    python mcp_client.py --stdio groundline mcp --index index

Needs the packages `mcp` and `jsonschema`. Lists the tools, calls each, validates answers against the listed schemas, sends
bad input, compares equal calls, over both lifecycles of the protocol where the SDK has them, and over 1,000 calls in a row.
Prints one line a check; ends with 1 where one failed.
"""

import argparse
import asyncio
import json
import sys
import time

import jsonschema
from mcp import Client, StdioServerParameters

CLAIM = "Women should be screened for breast cancer every two years from 40."
FAILED = []


def check(holds, what, seen=""):
    print(("ok    " if holds else "WRONG ") + what + ("" if holds else f": {seen}"))
    if not holds:
        FAILED.append(what)


def without_time(answer):
    for result in (answer or {}).get("results", []):
        result.pop("took_ms", None)
    return answer


async def tools_are_listed(client):
    tools = {tool.name: tool for tool in (await client.list_tools()).tools}
    check(sorted(tools) == ["check_claims", "fetch", "search"], "three tools", sorted(tools))
    for name, tool in tools.items():
        hints = tool.annotations
        said = (hints.read_only_hint, hints.idempotent_hint, hints.open_world_hint)
        check(said == (True, True, False), f"{name}: read-only, idempotent, closed world", said)
        for schema in (tool.input_schema, tool.output_schema):
            jsonschema.Draft202012Validator.check_schema(schema)
    check("not for patient care" in (client.instructions or ""), "the intended use is stated")
    return tools


async def calls_are_answered(client, tools):
    found = await client.call_tool("search", {"query": CLAIM})
    check(not found.is_error, "search answers")
    jsonschema.validate(found.structured_content, tools["search"].output_schema)
    check(json.loads(found.content[0].text) == found.structured_content, "search: the text is the same JSON")
    results = found.structured_content["results"]
    check(len(results) > 0, "search finds something")
    for one in results[:3]:
        passage = await client.call_tool("fetch", {"id": one["id"]})
        jsonschema.validate(passage.structured_content, tools["fetch"].output_schema)
        check(passage.structured_content["metadata"]["quote"] in passage.structured_content["text"], f"fetch {one['id']}")
    arguments = {
        "items": [{"id": "a", "claim": CLAIM}, {"id": "bad", "claim": ""}, {"id": "c", "claim": "Aspirin", "patient": {"age": 62}}],
        "k": 3,
        "include": ["counter", "trace", "context"],
    }
    answer = await client.call_tool("check_claims", arguments)
    jsonschema.validate(answer.structured_content, tools["check_claims"].output_schema)
    statuses = [result["status"] for result in answer.structured_content["results"]]
    check(statuses == ["ok", "error", "ok"], "check_claims: one bad item harms nobody", statuses)
    check("not instructions" in answer.content[0].text, "check_claims: quotations are said to be data")
    again = await client.call_tool("check_claims", arguments)
    same = without_time(answer.structured_content) == without_time(again.structured_content)
    check(same and answer.content[0].text == again.content[0].text, "check_claims: equal calls, equal answers")


async def bad_calls_are_refused(client):
    for name, arguments in [
        ("search", {}),
        ("search", {"query": ""}),
        ("search", {"query": "x" * 5000}),
        ("search", {"query": ["a"]}),
        ("search", {"query": "a", "colour": "red"}),
        ("fetch", {"id": "../../etc/passwd"}),
        ("fetch", {"id": "no-such@1#rec-1"}),
        ("check_claims", {"items": []}),
        ("check_claims", {"items": [{"claim": "a"}] * 101}),
        ("check_claims", {"items": [{"claim": "a"}], "k": 101}),
        ("check_claims", {"items": [{"claim": "a"}], "as_of": "yesterday"}),
        ("check_claims", {"items": "a"}),
    ]:
        answer = await client.call_tool(name, arguments)
        text = answer.content[0].text
        check(answer.is_error and 0 < len(text) < 300, f"{name} {str(arguments)[:60]}: {text}", answer)
    try:
        await client.call_tool("no_such_tool", {})
        check(False, "an unknown tool is an error")
    except Exception as error:  # The SDK's error class differs between its versions.
        check("no such tool" in str(error), "an unknown tool is an error", error)


async def many_calls(client, count):
    begun = time.monotonic()
    for at in range(count):
        answer = await client.call_tool("search", {"query": f"{CLAIM} {at % 7}"})
        if answer.is_error:
            check(False, f"call {at}", answer.content[0].text)
            return
    print(f"ok    {count} calls in a row, {count / (time.monotonic() - begun):.0f} a second")


async def run(target, modes, count):
    for mode in modes:
        async with Client(target, mode=mode) as client:
            print(f"\n{mode}: protocol {client.protocol_version}")
            tools = await tools_are_listed(client)
            await calls_are_answered(client, tools)
            await bad_calls_are_refused(client)
            answers = await asyncio.gather(*[client.call_tool("search", {"query": f"fever {at}"}) for at in range(40)])
            check(not any(answer.is_error for answer in answers), "40 calls at once")
            await many_calls(client, count)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--http", metavar="URL")
    parser.add_argument("--stdio", nargs=argparse.REMAINDER, metavar="COMMAND")
    parser.add_argument("--calls", type=int, default=1000)
    arguments = parser.parse_args()
    if arguments.http:
        target = arguments.http
    elif arguments.stdio:
        target = StdioServerParameters(command=arguments.stdio[0], args=arguments.stdio[1:])
    else:
        parser.error("give --http URL or --stdio COMMAND")
    asyncio.run(run(target, ["auto", "legacy"], arguments.calls))
    print(f"\n{len(FAILED)} failed")
    sys.exit(1 if FAILED else 0)


if __name__ == "__main__":
    main()
