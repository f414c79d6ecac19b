"""The API description against a validator, and the running service against its description.

    python -m venv venv && venv/bin/pip install -r tests/python/requirements.txt
    venv/bin/python tests/python/api.py [EXAMPLES]

EXAMPLES is how many requests are made up for each call in each phase [40]. The calls on reviews are made by somebody with a
profile, on reviews that are there.
"""

import json
import os
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path

from openapi_spec_validator import OpenAPIV31SpecValidator

from service import serving

# What a call may answer must be described, must look as described, and is never a fault of the service.
CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"
TEXT = "Biennial screening mammography is recommended for women aged 40 to 74 years. Everybody should take aspirin."
REVIEWER = {"id": "ada", "name": "Ada", "role": "pharmacist"}

# NDJSON is not known to schemathesis: one value a line goes out, and of what comes back the first line is held against its shape.
HOOKS = """
import json

import schemathesis


@schemathesis.serializer("application/x-ndjson")
def one_line(ctx, value):
    if isinstance(value, (bytes, str)):
        return value
    return json.dumps(value).encode() + b"\\n"


@schemathesis.deserializer("application/x-ndjson")
def first_line(ctx, response):
    return json.loads(response.content.split(b"\\n")[0])
"""

# A review that lasts, and one for the calls that take it, or its claims, away.
CONFIG = """
[[operations]]
include-path-regex = "^/v1/reviews/\\\\{{id\\\\}}"
exclude-method = "DELETE"
parameters = {{ id = "{kept}", claim = "c1" }}

[[operations]]
include-path-regex = "^/v1/reviews/\\\\{{id\\\\}}"
include-method = "DELETE"
parameters = {{ id = "{gone}", claim = "c1" }}

[[operations]]
include-path = "/v1/documents/{{id}}"
parameters = {{ id = "uspstf-breast-screening" }}

[[operations]]
include-path = "/v1/documents/{{id}}/diff"
parameters = {{ id = "uspstf-breast-screening", from = "2016", to = "2024" }}
"""


def send(url, body, headers=None):
    """What a call that must succeed answers, as JSON."""
    headers = {"content-type": "application/json", **(headers or {})}
    with urllib.request.urlopen(urllib.request.Request(url, json.dumps(body).encode(), headers), timeout=30) as answer:
        return json.load(answer), answer.headers


def prepare(address, folder):
    """A profile, two reviews, and the settings that name them; the cookie of the profile."""
    send(f"{address}/v1/reviewers", REVIEWER)
    _, headers = send(f"{address}/v1/session", {"reviewer": REVIEWER["id"]})
    cookie = headers["set-cookie"].split(";")[0]
    ids = [send(f"{address}/v1/reviews", {"text": TEXT, "split": True}, {"cookie": cookie})[0]["id"] for _ in range(2)]
    first = {"reviewer": REVIEWER["id"], "task": "first", "blind": False}
    for review in ids:
        send(f"{address}/v1/reviews/{review}/assignments", first, {"cookie": cookie})
    (folder / "schemathesis.toml").write_text(CONFIG.format(kept=ids[0], gone=ids[1]), encoding="utf-8")
    (folder / "ndjson_hooks.py").write_text(HOOKS, encoding="utf-8")
    return cookie


def run(address, folder, examples):
    """Schemathesis over every call; its exit status."""
    with urllib.request.urlopen(f"{address}/openapi.json", timeout=10) as answer:
        description = json.load(answer)
    OpenAPIV31SpecValidator(description).validate()
    print(f"valid OpenAPI 3.1 with {len(description['paths'])} paths", flush=True)
    cookie = prepare(address, folder)
    command = [Path(sys.executable).with_name("schemathesis"), "run", f"{address}/openapi.json", "--checks", CHECKS]
    command += ["--max-examples", examples, "--header", f"Cookie: {cookie}"]
    # The same inputs each time, so that a failure is one of the program's and not of the day's.
    # One worker: two of them stumble over a fault of Python 3.11 (AST constructor recursion depth mismatch).
    command += ["--seed", "8", "--workers", "1", "--request-timeout", "30", "--no-color"]
    environment = {**os.environ, "SCHEMATHESIS_HOOKS": "ndjson_hooks", "PYTHONPATH": str(folder)}
    return subprocess.run([*map(str, command)], check=False, cwd=folder, env=environment).returncode


def main():
    examples = sys.argv[1] if len(sys.argv) > 1 else "40"
    with tempfile.TemporaryDirectory() as folder, serving(folder, "--requests-a-minute", "0") as address:
        status = run(address, Path(folder), examples)
    if status:
        raise SystemExit(status)
    print("api: the description is valid, and the service keeps to it")


if __name__ == "__main__":
    main()
