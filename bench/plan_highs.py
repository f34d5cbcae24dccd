"""Plans against the best there is: the same problems, solved to the end by HiGHS.

    cargo run --release --package cellsweep-plan --example plan_problems 12 | python3 bench/plan_highs.py [--seconds 120]

A line a problem: what the plan brings and its bound, and what HiGHS found and proved. Ends with 1 where a plan is worth
more than HiGHS' bound or HiGHS' best exceeds the plan's bound: one of the two would be wrong.
"""

import argparse
import json
import sys
import time

import highspy

CLOSE = 1e-6


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=120.0, help="HiGHS stops a problem after so long")
    seconds = parser.parse_args().seconds
    wrong = 0
    print("kind   variables      plan     bound     HiGHS  its bound  below best  plan s  HiGHS s")
    for line in sys.stdin:
        told = json.loads(line)
        plan = told["plan"]
        begun = time.perf_counter()
        best, proved, variables = solve(told["problem"], seconds)
        took = time.perf_counter() - begun
        below = max(0.0, best - plan["value"]) / best if best else 0.0
        print(
            f"{told['kind']:6} {variables:9} {plan['value']:9.4f} {plan['bound']:9.4f} {best:9.4f} {proved:10.4f}"
            f" {100 * below:9.3f} % {plan['seconds']:7.3f} {took:8.1f}",
            flush=True,
        )
        wrong += plan["value"] > proved + CLOSE or best > plan["bound"] + CLOSE
    sys.exit(min(wrong, 1))


def solve(problem, seconds):
    """What the best plan brings, what none exceeds, and how many yes-or-no questions it took."""
    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    highs.setOptionValue("mip_rel_gap", 1e-7)
    highs.setOptionValue("time_limit", seconds)
    sites = [site_of(highs, site, problem) for site in problem["sites"]]
    highs.addConstr(highs.qsum(opened for opened, _ in sites) <= problem["facilities"])
    highs.addConstr(highs.qsum(way for _, ways in sites for way in ways) <= problem["cells"])
    highs.setMaximize()
    highs.run()
    info = highs.getInfo()
    return info.objective_function_value, info.mip_dual_bound, highs.getNumCol()


def site_of(highs, site, problem):
    """Whether it opens, and every way to search each of its cells."""
    opened = highs.addBinary(obj=-site["cost"])
    all_ways, minutes = [], {}
    for target in site["targets"]:
        ways = []
        for tool in target["tools"]:
            for place in places(site, problem, tool):
                way = highs.addBinary(obj=tool["value"] * problem["left"][place[1]])
                ways.append(way)
                minutes.setdefault(place, []).append(tool["minutes"] * way)
        if ways:
            once = highs.qsum(ways)
            highs.addConstr(once <= opened)
            if target["must"]:
                highs.addConstr(once == 1)
        all_ways += ways
    if all_ways:
        highs.addConstr(highs.qsum(all_ways) <= site["cells"] * opened)
    if problem["minutes"] is not None:
        for taken in minutes.values():
            highs.addConstr(highs.qsum(taken) <= problem["minutes"] * opened)
    return opened, all_ways


def places(site, problem, tool):
    """The teams that carry it, and the waves that they work in."""
    for number, team in enumerate(site["teams"]):
        if team["kit"] >> tool["detector"] & 1:
            for wave in range(team["from"], min(team["to"], len(problem["left"]))):
                yield number, wave


if __name__ == "__main__":
    main()
