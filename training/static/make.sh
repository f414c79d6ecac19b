#!/bin/sh
# Makes models/static from the texts that data.tsv allows: about half an hour on one core. See ../README.md.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
shared=${SHARED:?the folder with data/, guidelines/ and models/}
dump=${DUMP:?the folder with starter.jsonl and guidelines.jsonl}
work=${WORK:?a folder for intermediate arrays, about 1 GB}
lexicon=${LEXICON:-$root/lexicon}
claims=${CLAIMS:-$root/tests/claims/starter.tsv}
teacher=$shared/models/bge-small-en-v1.5-int8
export OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 PYTHONUNBUFFERED=1
mkdir -p "$work"

python3 "$here/teacher.py" --shared "$shared" --dump "$dump" --claims "$(dirname "$claims")" --lexicon "$lexicon" \
  --model "$teacher" --work "$work" --most 85000
python3 "$here/leaks.py" --shared "$shared" --dump "$dump" --claims "$(dirname "$claims")" --lexicon "$lexicon" --work "$work"
python3 "$here/fit.py" --shared "$shared" --dump "$dump" --claims "$claims" --lexicon "$lexicon" \
  --model "$teacher" --work "$work"
python3 "$here/pack.py" --fitted "$work/fitted.npz" --out "$root/models/static" \
  --shared "$shared" --dump "$dump" --claims "$claims"
