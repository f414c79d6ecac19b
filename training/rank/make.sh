#!/bin/sh
# Fits src/retrieve/model.json and src/evidence/coverage.json. SHARED is the folder of public data, WORK takes what is measured; `groundline` is the program
# to fit for, and needs the packages of training/static/requirements.txt.
set -eu
: "${SHARED:?}" "${WORK:?}"
GROUNDLINE=${GROUNDLINE:-target/release/groundline}
RANKERS=${RANKERS:-"lexical static"}
mkdir -p "$WORK"
python3 training/rank/sets.py --shared "$SHARED" --work "$WORK"
for ranker in $RANKERS; do
  for corpus in starter guidelines; do
    folder=corpus/starter
    [ $corpus = starter ] || folder="$SHARED/guidelines"
    "$GROUNDLINE" index build --corpus "$folder" --index "$WORK/index-$corpus-$ranker" --ranker "$ranker" >&2
    for set in $corpus $corpus-changed; do
      "$GROUNDLINE" eval features --claims "$WORK/$set.tsv" --index "$WORK/index-$corpus-$ranker" --ranker "$ranker" > "$WORK/$set.jsonl"
    done
  done
  "$GROUNDLINE" eval features --dataset "$SHARED/data/scifact" --split train --ranker "$ranker" > "$WORK/scifact.jsonl"
  "$GROUNDLINE" eval features --dataset "$WORK/medquad" --split train --ranker "$ranker" > "$WORK/medquad.jsonl"
  case $ranker in
    lexical) without=meaning,meaning_of_best,dense,dense_of_best,first_by_meaning ;;
    static) without=dense,dense_of_best ;;
    hybrid) without=none ;;
  esac
  python3 training/rank/fit.py --ranker "$ranker" --pull 0.01 --without $without --names "$WORK/names.json" --write src/retrieve/model.json \
    --set "starter:1:$WORK/starter.jsonl:$WORK/starter.qrels" --set "guidelines:1:$WORK/guidelines.jsonl:$WORK/guidelines.qrels" \
    --set "starter-changed:0.5:$WORK/starter-changed.jsonl:$WORK/starter-changed.qrels" \
    --set "guidelines-changed:0.5:$WORK/guidelines-changed.jsonl:$WORK/guidelines-changed.qrels" \
    --set "scifact:1:$WORK/scifact.jsonl:$SHARED/data/scifact/qrels/train.tsv:$WORK/scifact-kept.txt" \
    --set "medquad:0.5:$WORK/medquad.jsonl:$WORK/medquad/qrels/train.tsv"
  python3 training/rank/coverage.py --ranker "$ranker" --names "$WORK/names.json" --model src/retrieve/model.json --write src/evidence/coverage.json \
    --set "$WORK/starter.jsonl:$WORK/starter.qrels" --set "$WORK/guidelines.jsonl:$WORK/guidelines.qrels"
done
