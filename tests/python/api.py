"""The API description against a validator, and the running service against its description.

    python -m venv venv && venv/bin/pip install -r tests/python/requirements-api.txt
    venv/bin/python tests/python/api.py
"""

import json
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path

from openapi_spec_validator import OpenAPIV31SpecValidator

from service import serving

# What a call may answer must be described, must look as described, and is never a fault of the service.
CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"


def main():
    examples = sys.argv[1] if len(sys.argv) > 1 else "40"
    with tempfile.TemporaryDirectory() as folder, serving(folder, "--requests-a-minute", "0") as address:
        with urllib.request.urlopen(f"{address}/openapi.json", timeout=10) as answer:
            description = json.load(answer)
        OpenAPIV31SpecValidator(description).validate()
        print(f"valid OpenAPI 3.1 with {len(description['paths'])} paths")
        schemathesis = Path(sys.executable).with_name("schemathesis")
        command = [schemathesis, "run", f"{address}/openapi.json", "--checks", CHECKS, "--max-examples", examples]
        # The same inputs each time, so that a failure is one of the program's and not of the day's.
        command += ["--seed", "8", "--workers", "2", "--request-timeout", "30", "--no-color"]
        raise SystemExit(subprocess.run([*map(str, command)], check=False, cwd=folder).returncode)


if __name__ == "__main__":
    main()
