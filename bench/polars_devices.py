"""The per-device table of `cellsweep trace`, as a skilled analyst writes it for Polars.

    polars_devices.py --case FOLDER --out devices.csv

The same columns and the same score as duckdb_devices.py, on the streaming engine.
"""

import argparse
import json
import pathlib

import polars as pl

METRES = 111195.0


def records(case):
    """The case's record files as one lazy frame."""
    frames = []
    if any(case.glob("records*.parquet")):
        frames.append(pl.scan_parquet(case / "records*.parquet"))
    for file in sorted(case.glob("records*.csv*")):
        text = pl.scan_csv(file, infer_schema=False, ignore_errors=True, truncate_ragged_lines=True)
        time = pl.col("time").str.to_datetime(time_zone="UTC", time_unit="us", strict=False)
        whole = pl.col("timing_advance", "duration_s").cast(pl.Int32, strict=False)
        frames.append(text.with_columns(time, whole).filter(pl.col("time").is_not_null()))
    return pl.concat(frames, how="diagonal_relaxed")


def days(case):
    """One row for each handset, day, sector and subscriber."""
    micros = pl.col("time").dt.epoch("us")
    hour = (micros // 3_600_000_000 + 1) % 24
    event = pl.col("event")
    keys = {
        "handset": pl.col("imei").str.slice(0, 14).cast(pl.Int64, strict=False),
        "day": (micros // 86_400_000_000).cast(pl.Int32),
        "imsi": pl.col("imsi").cast(pl.Int64, strict=False),
    }
    marks = {
        "voice": event == "voice",
        "sms": event == "sms",
        "data": event == "data",
        "on_off": event.is_in(["attach", "detach"]),
        "outgoing": pl.col("direction") == "out",
        "gsm": pl.col("technology") == "GSM",
        "evening": (hour >= 18) | (hour < 2),
        "night": (hour >= 2) & (hour < 7),
    }
    rows = records(case).filter(pl.col("imei").is_not_null()).with_columns(**keys)
    return rows.group_by("handset", "day", "sector", "imsi").agg(
        pl.len().alias("events"),
        *[mark.sum().alias(name) for name, mark in marks.items()],
        pl.lit(2).pow(micros // 3_600_000_000 % 24).cast(pl.Int32).bitwise_or().alias("hours"),
        pl.col("timing_advance").count().alias("ta_count"),
        pl.col("timing_advance").sum().alias("ta_sum"),
        pl.col("time").min().alias("first_seen"),
        pl.col("time").max().alias("last_seen"),
    ).collect(engine="streaming")


def table(case, name, columns):
    """A small table as text, empty where the file is missing."""
    file = case / f"{name}.csv"
    if not file.exists():
        return pl.DataFrame(schema={column: pl.String for column in columns})
    return pl.read_csv(file, infer_schema=False, columns=columns)


def handsets(case, name, mark):
    """The handsets that a table names, marked."""
    digits = pl.col("imei").str.replace_all(r"\D", "").str.slice(0, 14).cast(pl.Int64, strict=False)
    return table(case, name, ["imei"]).select(digits.alias("handset")).drop_nulls().unique().with_columns(
        pl.lit(True).alias(mark)
    )


def facilities(case):
    """Each facility with the middle of its outline."""
    rows = []
    for feature in json.loads((case / "facilities.geojson").read_text())["features"]:
        corners = feature["geometry"]["coordinates"][0][:-1]
        lat = sum(corner[1] for corner in corners) / len(corners)
        lon = sum(corner[0] for corner in corners) / len(corners)
        rows.append({"facility": str(feature["properties"]["facility"]), "f_lat": lat, "f_lon": lon})
    return pl.DataFrame(rows)


def distance():
    """Metres between a sector's antenna and a facility's middle."""
    east = (pl.col("lon") - pl.col("f_lon")) * pl.col("f_lat").radians().cos()
    return METRES * ((pl.col("lat") - pl.col("f_lat")) ** 2 + east**2).sqrt()


def inside(case, sectors, places):
    """Sectors that serve inside: the survey's, else the antennas within 1,500 m."""
    survey = table(case, "survey", ["facility", "sector", "share"]).with_columns(pl.col("share").cast(pl.Float64))
    rest = places.join(survey, on="facility", how="anti").join(sectors, how="cross").filter(distance() < 1500)
    near = rest.select("facility", "sector", pl.lit(0.05).alias("share"))
    return pl.concat([survey.select("facility", "sector", "share"), near])


def devices(case):
    """The table, scored."""
    sectors = table(case, "sectors", ["sector", "lat", "lon"]).with_columns(pl.col("lat", "lon").cast(pl.Float64))
    places = facilities(case)
    daily = days(case).lazy()
    sums = ["events", "voice", "sms", "data", "on_off", "outgoing", "gsm", "evening", "night"]
    whole = daily.group_by("handset").agg(
        *[pl.col(name).sum() for name in sums],
        pl.col("day").n_unique().alias("days"),
        pl.col("sector").n_unique().alias("sectors"),
        pl.col("imsi").drop_nulls().n_unique().alias("imsis"),
        pl.col("hours").bitwise_count_ones().sum(),
        pl.col("first_seen").min(),
        pl.col("last_seen").max(),
    )
    by_sector = daily.group_by("handset", "sector").agg(
        pl.col("events").sum(), pl.col("day").n_unique(), pl.col("ta_sum").sum(), pl.col("ta_count").sum()
    )
    there = daily.join(inside(case, sectors, places).lazy(), on="sector").group_by("handset", "facility").agg(
        pl.col("events").sum().alias("events_inside"),
        pl.col("day").n_unique().alias("days_inside"),
        (pl.col("events") * pl.col("share")).sum().alias("fit"),
    )
    away = (
        there.select("handset", "facility")
        .join(by_sector, on="handset")
        .join(sectors.lazy(), on="sector")
        .join(places.lazy(), on="facility")
        .group_by("handset", "facility")
        .agg(distance().max().alias("farthest_m"))
    )
    models = table(case, "models", ["tac", "class"]).with_columns(pl.col("tac").cast(pl.Int64))
    wide = (
        there.join(whole, on="handset")
        .join(away, on=["handset", "facility"])
        .with_columns((pl.col("handset") // 1_000_000).alias("tac"))
        .join(models.lazy(), on="tac", how="left")
        .join(handsets(case, "ledger", "in_ledger").lazy(), on="handset", how="left")
        .join(handsets(case, "known_devices", "known").lazy(), on="handset", how="left")
        .with_columns(pl.col("in_ledger", "known").fill_null(False))
        .filter(pl.col("fit").rank("ordinal", descending=True).over("handset") <= 2)
    )
    return scored(wide).collect(engine="streaming")


def scored(wide):
    """The score of duckdb_devices.py."""
    share = lambda name: pl.col(name) / pl.col("events")
    far = pl.col("farthest_m")
    score = (
        -7.0
        + 6.0 * share("events_inside")
        + 0.6 * (1 + pl.col("days_inside")).log()
        + 2.0 * share("evening")
        + 2.0 * pl.min_horizontal(share("on_off"), 0.5)
        + 0.8 * pl.min_horizontal(pl.col("imsis").cast(pl.Int64) - 1, 2)
        + pl.when(pl.col("class") == "mini").then(2.0).when(pl.col("class") == "iot").then(-3.0).otherwise(0.0)
        + pl.when("in_ledger").then(2.0).otherwise(0.0)
        - pl.when("known").then(4.0).otherwise(0.0)
        - pl.when(far > 10_000).then(3.0).when(far > 4_000).then(1.0).otherwise(0.0)
        - pl.when(pl.col("voice") + pl.col("sms") == 0).then(2.0).otherwise(0.0)
    )
    imei = pl.col("handset").cast(pl.String).str.zfill(14)
    return (
        wide.filter(pl.col("events_inside") >= 3)
        .with_columns(score.alias("score"), imei.alias("imei"))
        .select(
            pl.col("imei").alias("handset"),
            "imei",
            "facility",
            (1 / (1 + (-pl.col("score")).exp())).alias("probability"),
            (pl.col("score") / pl.lit(10.0).log()).alias("log10_lr"),
            "first_seen",
            "last_seen",
            "events",
            pl.col("days_inside").alias("days_present"),
            "imsis",
            "in_ledger",
            "class",
        )
        .sort(["probability", "handset", "facility"], descending=[True, False, False])
    )


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--case", type=pathlib.Path, required=True)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    arguments = parser.parse_args()
    devices(arguments.case).write_csv(arguments.out)


if __name__ == "__main__":
    main()
