#!/bin/sh
# Fits src/appraise/hint.json and company.json on the tune and dev halves of the pairs in tests/claims, and prints figures of unseen folds.
# SHARED is the folder of public guidelines, WORK takes what is measured; `groundline` is the program to fit for.
set -eu
: "${SHARED:?}" "${WORK:?}"
GROUNDLINE=${GROUNDLINE:-target/release/groundline}
mkdir -p "$WORK"
python3 training/stance/pairs.py --work "$WORK"
"$GROUNDLINE" index build --corpus corpus/starter --index "$WORK/index-starter" 2> /dev/null
"$GROUNDLINE" index build --corpus "$SHARED/guidelines" --index "$WORK/index-guidelines" 2> /dev/null || [ $? = 3 ]
for set in starter-tune guidelines-tune direction-dev neighbours-dev; do
  case $set in guidelines-*) index=index-guidelines ;; *) index=index-starter ;; esac
  "$GROUNDLINE" eval hints --pairs "$WORK/$set.jsonl" --signals --index "$WORK/$index" > "$WORK/$set.signals"
done
# Of each set its weight in the first fit, of pairs alone, and in the second, of pairs in company.
python3 training/stance/hint.py --write src/appraise/hint.json --company src/appraise/company.json \
  --pairs "starter:1:1:$WORK/starter-tune.signals" --pairs "guidelines:1:1:$WORK/guidelines-tune.signals" \
  --pairs "direction:0.5:0.5:$WORK/direction-dev.signals" --pairs "neighbours:0:1:$WORK/neighbours-dev.signals"
