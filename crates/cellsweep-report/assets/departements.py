"""Makes departements.json: the outlines of the French departements with shared borders.

    python3 departements.py fra.json departements.json

`fra.json` is Natural Earth's admin-1 layer at 1:10 million for France as GeoJSON (see SOURCES.md).
Borders are cut where three outlines meet, so that neighbours keep one and the same line, then
simplified (Douglas-Peucker) and written as differences on a grid of a thousandth of a degree.
"""

import json
import math
import sys

GRID = 1000
TOLERANCE = 0.004
NAMES = {
    "Haute-Rhin": "Haut-Rhin",
    "Meurhe-et-Moselle": "Meurthe-et-Moselle",
    "Seien-et-Marne": "Seine-et-Marne",
    "Guyane française": "Guyane",
}


def rings(feature):
    shape = feature["geometry"]
    polygons = [shape["coordinates"]] if shape["type"] == "Polygon" else shape["coordinates"]
    for polygon in polygons:
        for ring in polygon:
            points = [(round(x, 6), round(y, 6)) for x, y in ring[:-1]]
            if len(points) >= 3:
                yield points


def junctions(all_rings):
    """Points whose neighbours differ from ring to ring: there an arc ends."""
    around = {}
    ends = set()
    for ring in all_rings:
        for index, point in enumerate(ring):
            pair = frozenset((ring[index - 1], ring[(index + 1) % len(ring)]))
            if around.setdefault(point, pair) != pair:
                ends.add(point)
    return ends


def cut(ring, ends):
    starts = [index for index, point in enumerate(ring) if point in ends]
    if not starts:
        first = ring.index(min(ring))
        closed = ring[first:] + ring[:first] + [ring[first]]
        return [closed]
    ring = ring[starts[0]:] + ring[: starts[0]]
    arcs, arc = [], [ring[0]]
    for point in ring[1:] + [ring[0]]:
        arc.append(point)
        if point in ends:
            arcs.append(arc)
            arc = [point]
    return arcs


def off(point, a, b):
    shrink = math.cos(math.radians(a[1]))
    (px, py), (ax, ay), (bx, by) = ((x * shrink, y) for x, y in (point, a, b))
    length = math.hypot(bx - ax, by - ay)
    if length == 0:
        return math.hypot(px - ax, py - ay)
    t = max(0, min(1, ((px - ax) * (bx - ax) + (py - ay) * (by - ay)) / length**2))
    return math.hypot(px - ax - t * (bx - ax), py - ay - t * (by - ay))


def simplify(line):
    keep, stack = {0, len(line) - 1}, [(0, len(line) - 1)]
    while stack:
        low, high = stack.pop()
        if high - low < 2:
            continue
        far = max(range(low + 1, high), key=lambda index: off(line[index], line[low], line[high]))
        if off(line[far], line[low], line[high]) > TOLERANCE:
            keep.add(far)
            stack += [(low, far), (far, high)]
    return [line[index] for index in sorted(keep)]


def differences(line):
    out, last = [], (0, 0)
    for point in line:
        here = (round(point[0] * GRID), round(point[1] * GRID))
        if here != last or not out:
            out += [here[0] - last[0], here[1] - last[1]]
            last = here
    return out


def main(source, target):
    features = json.load(open(source))["features"]
    by_name = {}
    for feature in features:
        name = feature["properties"]["name"]
        by_name[NAMES.get(name, name)] = list(rings(feature))
    ends = junctions([ring for group in by_name.values() for ring in group])
    arcs, known, areas = [], {}, []
    for name in sorted(by_name):
        area = []
        for ring in by_name[name]:
            ids = []
            for arc in cut(ring, ends):
                back = tuple(reversed(arc))
                if back in known:
                    ids.append(~known[back])
                    continue
                key = tuple(arc)
                if key not in known:
                    known[key] = len(arcs)
                    arcs.append(arc)
                ids.append(known[key])
            area.append(ids)
        areas.append([name, area])
    lines = [differences(simplify(arc)) for arc in arcs]
    data = {"grid": GRID, "arcs": lines, "areas": areas}
    with open(target, "w") as out:
        json.dump(data, out, ensure_ascii=False, separators=(",", ":"))
        out.write("\n")
    print(len(arcs), "arcs,", sum(map(len, lines)) // 2, "points")


main(*sys.argv[1:])
