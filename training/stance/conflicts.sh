#!/bin/sh
# Fits src/appraise/disagreement.json on dev and tune halves alone (conflicts.py says on what), and prints figures of unseen folds.
# WORK takes what is measured; `groundline` is the program to fit for.
set -eu
: "${WORK:?}"
GROUNDLINE=${GROUNDLINE:-target/release/groundline}
mkdir -p "$WORK"
python3 training/stance/conflicts.py triples --work "$WORK"
"$GROUNDLINE" index build --corpus "$WORK/planted" --index "$WORK/index-planted" 2> /dev/null
"$GROUNDLINE" index build --corpus corpus/starter --index "$WORK/index-starter" 2> /dev/null
"$GROUNDLINE" index passages --index "$WORK/index-planted" > "$WORK/passages.tsv"
python3 training/stance/conflicts.py name --passages "$WORK/passages.tsv" --work "$WORK"
for set in conflicts-dev direction-dev stance-tune; do
  "$GROUNDLINE" eval conflicts --claims "$WORK/$set.jsonl" --measures --index "$WORK/index-planted" > "$WORK/$set.measured"
done
"$GROUNDLINE" eval conflicts --claims "$WORK/claims-dev.jsonl" --measures --index "$WORK/index-starter" > "$WORK/claims-dev.measured"
python3 training/stance/conflicts.py fit --work "$WORK" --write src/appraise/disagreement.json
