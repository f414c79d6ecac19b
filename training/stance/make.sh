#!/bin/sh
# Fits src/appraise/stance/model.json and writes the fixture beside it. SHARED is the folder of public data, WORK takes the
# sets and what is measured of them (about 60 MB); needs the packages of training/stance/requirements.txt. Two minutes on one core.
set -eu
: "${SHARED:?}" "${WORK:?}"
export OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1
here=training/stance
opposites=src/appraise/opposites.tsv
model=src/appraise/stance/model.json
sets="$WORK/sets"
mkdir -p "$sets"
python3 $here/sets.py --shared "$SHARED" --out "$sets"
python3 $here/turned.py --opposites $opposites "$sets/scifact.train.jsonl" "$sets/check_covid.train.jsonl" "$sets/scifact_window.train.jsonl"
python3 $here/signals.py --static models/static --opposites $opposites --out "$WORK/features" "$sets"/*.train.jsonl "$sets"/*.dev.jsonl
python3 $here/fit.py --features "$WORK/features" --table main --short --write $model
python3 $here/fixture.py --static models/static --opposites $opposites --model $model --out src/appraise/stance/fixture.jsonl
