"""Writes the fixture by which the program's features and probabilities are compared with those of this folder: pairs of our own."""

import argparse
import json
import pathlib

import fit
import signals
import words

PAIRS = [
    ("Low-dose aspirin lowers the risk of pre-eclampsia.", "Low-dose aspirin reduced the risk of pre-eclampsia in women at high risk. Bleeding was not increased."),
    ("Low-dose aspirin raises the risk of pre-eclampsia.", "Low-dose aspirin reduced the risk of pre-eclampsia in women at high risk. Bleeding was not increased."),
    ("Low-dose aspirin does not lower the risk of pre-eclampsia.", "Low-dose aspirin reduced the risk of pre-eclampsia in women at high risk. Bleeding was not increased."),
    ("Vitamin D prevents fractures.", "We found no association between vitamin D and fractures. Falls were similar in both groups."),
    ("Vitamin D does not prevent fractures.", "We found no association between vitamin D and fractures. Falls were similar in both groups."),
    ("Adults with diabetes should have an eye examination every 2 years.", "Screening for retinopathy\nAn eye examination is recommended every 1 to 2 years. Children are seen every year."),
    ("Metformin is the first drug for type 2 diabetes.", "Annual influenza vaccination is recommended for everyone aged 6 months or older."),
    ("CRP is higher in pneumonia than in bronchitis.", "C-reactive protein (CRP) levels were lower in bronchitis than in pneumonia."),
    ("Loss of the receptor protects mice against obesity.", "Mice that lacked the receptor gained more weight. The aim was to test whether the receptor matters in obesity."),
    ("Statins can't harm muscle.", "Statin-associated muscle symptoms occurred in 5% of patients; 12 of 240 stopped treatment."),
    ("COVID-19 spreads by droplets.", "SARS-CoV-2 is transmitted mainly by respiratory droplets, but also by aerosols."),
    ("Tight control of glucose improves survival in intensive care.", "BACKGROUND The best target is unknown. METHODS We randomised 6,104 patients. CONCLUSIONS Intensive glucose control increased mortality."),
]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--static", type=pathlib.Path, required=True, help="models/static")
    parser.add_argument("--opposites", type=pathlib.Path, required=True)
    parser.add_argument("--model", type=pathlib.Path, required=True)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    options = parser.parse_args()
    vectors, opposites = words.Vectors(options.static), words.Opposites(options.opposites)
    model = json.loads(options.model.read_text())
    with open(options.out, "w", encoding="utf-8") as file:
        for claim, evidence in PAIRS:
            sentences = [words.Text(text, vectors, opposites) for text in words.split(evidence)]
            found = signals.features(words.Text(claim, vectors, opposites), sentences, opposites)
            kept = {name: round(float(found[name]), 5) for name in model["features"]}
            row = {"claim": claim, "evidence": evidence, "features": kept, "opinion": [round(p, 5) for p in fit.opinion(model, found)]}
            file.write(json.dumps(row, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
