"""A ledger's buyers by splink, as a skilled analyst would set it up: fields cleaned first, term frequencies on
names, e-mails, phones and places, three trainings, predictions clustered.

Usage: splink_buyers.py --case DIR --out FILE [--threshold P]

Reads DIR/ledger.csv and writes `order,buyer` with one row an order. Several thresholds give several files
(FILE with the threshold before its ending).
"""

import argparse
import csv
import re
import unicodedata

import duckdb
import splink.comparison_level_library as cll
import splink.comparison_library as cl
from splink import Linker, SettingsCreator, block_on
from splink.backends.duckdb import DuckDBAPI

TITLES = {"m", "mr", "mme", "mlle", "monsieur", "madame", "dr"}
SHORT = {"av": "avenue", "bd": "boulevard", "ch": "chemin", "imp": "impasse", "pl": "place", "r": "rue"}


def words(text):
    plain = unicodedata.normalize("NFKD", text.lower()).encode("ascii", "ignore").decode()
    return [word for word in re.split(r"[^a-z0-9]+", plain) if word]


def phone(text):
    digits = re.sub(r"[^0-9]", "", text)
    return "33" + digits[1:] if digits.startswith("0") else digits


def parties(path):
    """One row an order: lines of an order say the same of its buyer."""
    seen = {}
    with open(path, newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            seen.setdefault(row["order"], row)
    for order, row in seen.items():
        street = [SHORT.get(word, word) for word in words(row["address"])]
        yield {
            "order_id": order,
            "name": " ".join(sorted(word for word in words(row["buyer"]) if word not in TITLES)) or None,
            "email": row["email"].strip().lower() or None,
            "phone": phone(row["phone"]) or None,
            "street": " ".join(sorted(street)) or None,
            "postcode": row["postcode"].strip() or None,
            "city": " ".join(words(row["city"])) or None,
        }


def linker(rows, connection):
    """Splink's model, not trained yet."""
    connection.execute(
        "create table ledger (order_id text, name text, email text, phone text, street text, postcode text, city text)"
    )
    connection.executemany("insert into ledger values (?, ?, ?, ?, ?, ?, ?)", [list(row.values()) for row in rows])
    connection.execute(
        "create table parties as select *, split_part(name, ' ', 1) as first_word, "
        "split_part(name, ' ', -1) as last_word from ledger"
    )
    database = DuckDBAPI(connection)
    settings = SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="order_id",
        comparisons=[
            cl.JaroWinklerAtThresholds("name", [0.95, 0.88]).configure(term_frequency_adjustments=True),
            cl.EmailComparison("email").configure(term_frequency_adjustments=True),
            cl.DamerauLevenshteinAtThresholds("phone", 1).configure(term_frequency_adjustments=True),
            cl.CustomComparison(
                output_column_name="address",
                comparison_levels=[
                    cll.And(cll.NullLevel("street"), cll.NullLevel("postcode")),
                    cll.And(cll.ExactMatchLevel("street"), cll.ExactMatchLevel("postcode")),
                    cll.And(
                        cll.JaroWinklerLevel("street", 0.92),
                        cll.Or(cll.ExactMatchLevel("postcode"), cll.JaroWinklerLevel("city", 0.92)),
                    ),
                    cll.ExactMatchLevel("postcode", term_frequency_adjustments=True),
                    cll.ElseLevel(),
                ],
            ),
        ],
        blocking_rules_to_generate_predictions=[
            block_on("email"),
            block_on("phone"),
            block_on("name"),
            block_on("street", "postcode"),
            block_on("first_word", "postcode"),
            block_on("last_word", "postcode"),
        ],
    )
    return Linker(database.register("parties"), settings, log_level="ERROR")


def train(model):
    model.training.estimate_probability_two_random_records_match(
        [block_on("email"), block_on("phone", "name")], recall=0.7
    )
    model.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    for rule in (block_on("email"), block_on("name"), block_on("phone")):
        model.training.estimate_parameters_using_expectation_maximisation(rule)


def clusters(connection, path, thresholds):
    model = linker(list(parties(path)), connection)
    train(model)
    predictions = model.inference.predict(threshold_match_probability=0.01)
    for threshold in thresholds:
        found = model.clustering.cluster_pairwise_predictions_at_threshold(
            predictions, threshold_match_probability=threshold
        )
        yield threshold, connection.execute(f"select order_id, cluster_id from {found.physical_name}").fetchall()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--case", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--threshold", nargs="+", default=["0.9"])
    arguments = parser.parse_args()
    thresholds = [float(threshold) for threshold in arguments.threshold]
    for threshold, rows in clusters(duckdb.connect(), arguments.case + "/ledger.csv", thresholds):
        path = arguments.out
        if len(thresholds) > 1:
            path = re.sub(r"(\.[^.]*)?$", rf"-{threshold}\1", path, count=1)
        with open(path, "w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(["order", "buyer"])
            writer.writerows(sorted(rows))


if __name__ == "__main__":
    main()
