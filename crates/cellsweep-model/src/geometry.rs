//! Points and outlines in WGS 84, with distances good enough for radio (equirectangular, within
//! 0.1 % below 100 km at these latitudes).

use serde::{Deserialize, Serialize};

/// Mean Earth radius in metres (IUGG R1).
const EARTH_M: f64 = 6_371_008.8;

/// A place.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Point {
    /// Degrees north.
    pub lat: f64,
    /// Degrees east.
    pub lon: f64,
}

impl Point {
    /// Metres east and north of `origin`.
    pub fn offset_from(self, origin: Point) -> (f64, f64) {
        let middle = ((self.lat + origin.lat) / 2.0).to_radians();
        let east = (self.lon - origin.lon).to_radians() * middle.cos() * EARTH_M;
        let north = (self.lat - origin.lat).to_radians() * EARTH_M;
        (east, north)
    }

    /// The place so many metres east and north.
    pub fn moved(self, east_m: f64, north_m: f64) -> Point {
        let lat = self.lat + (north_m / EARTH_M).to_degrees();
        let middle = ((self.lat + lat) / 2.0).to_radians();
        Point { lat, lon: self.lon + (east_m / (EARTH_M * middle.cos())).to_degrees() }
    }

    /// Metres between two places.
    pub fn distance_m(self, other: Point) -> f64 {
        let (east, north) = self.offset_from(other);
        east.hypot(north)
    }

    /// Degrees clockwise from north, from here to there, 0 to 360.
    pub fn bearing_deg(self, to: Point) -> f64 {
        let (east, north) = to.offset_from(self);
        east.atan2(north).to_degrees().rem_euclid(360.0)
    }
}

/// A closed outline; the first point is not repeated at the end.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Polygon {
    /// The outer ring.
    pub ring: Vec<Point>,
}

impl Polygon {
    /// From `POLYGON((lon lat, …))`; only the outer ring is kept.
    pub fn from_wkt(text: &str) -> Option<Self> {
        let inner = text.trim().strip_prefix("POLYGON")?.trim().strip_prefix("((")?;
        let ring = inner.split(')').next()?;
        let mut points = Vec::new();
        for pair in ring.split(',') {
            let mut numbers = pair.split_whitespace();
            let lon = numbers.next()?.parse().ok()?;
            let lat = numbers.next()?.parse().ok()?;
            points.push(Point { lat, lon });
        }
        if points.len() > 1 && points.first() == points.last() {
            points.pop();
        }
        (points.len() >= 3).then_some(Self { ring: points })
    }

    /// As `POLYGON((lon lat, …))`, closed.
    pub fn to_wkt(&self) -> String {
        let closed = self.ring.iter().chain(self.ring.first());
        let pairs: Vec<String> = closed.map(|point| format!("{} {}", point.lon, point.lat)).collect();
        format!("POLYGON(({}))", pairs.join(", "))
    }

    /// The area's centroid (shoelace formula on the local plane).
    pub fn centroid(&self) -> Point {
        let origin = self.ring[0];
        let plane: Vec<(f64, f64)> = self.ring.iter().map(|point| point.offset_from(origin)).collect();
        let mut twice_area = 0.0;
        let mut sum = (0.0, 0.0);
        for (index, &(x0, y0)) in plane.iter().enumerate() {
            let (x1, y1) = plane[(index + 1) % plane.len()];
            let cross = x0 * y1 - x1 * y0;
            twice_area += cross;
            sum = (sum.0 + (x0 + x1) * cross, sum.1 + (y0 + y1) * cross);
        }
        if twice_area.abs() < 1e-9 {
            return origin;
        }
        origin.moved(sum.0 / (3.0 * twice_area), sum.1 / (3.0 * twice_area))
    }

    /// Whether a place lies inside (even-odd rule).
    pub fn contains(&self, place: Point) -> bool {
        let mut inside = false;
        for (index, a) in self.ring.iter().enumerate() {
            let b = self.ring[(index + 1) % self.ring.len()];
            let crosses = (a.lat > place.lat) != (b.lat > place.lat);
            if crosses && place.lon < (b.lon - a.lon) * (place.lat - a.lat) / (b.lat - a.lat) + a.lon {
                inside = !inside;
            }
        }
        inside
    }

    /// A regular grid of places inside, about `count` of them and never none.
    pub fn grid(&self, count: usize) -> Vec<Point> {
        let bounds = |pick: fn(&Point) -> f64| {
            self.ring
                .iter()
                .map(pick)
                .fold((f64::MAX, f64::MIN), |(low, high), value| (low.min(value), high.max(value)))
        };
        let (south, north) = bounds(|point| point.lat);
        let (west, east) = bounds(|point| point.lon);
        let steps = ((count as f64).sqrt().ceil() as usize).max(2) + 1;
        let mut places = Vec::new();
        for row in 0..steps {
            for column in 0..steps {
                let share = |step: usize| (step as f64 + 0.5) / steps as f64;
                let place =
                    Point { lat: south + (north - south) * share(row), lon: west + (east - west) * share(column) };
                if self.contains(place) {
                    places.push(place);
                }
            }
        }
        if places.is_empty() {
            places.push(self.centroid());
        }
        places
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PARIS: Point = Point { lat: 48.8566, lon: 2.3522 };
    const LYON: Point = Point { lat: 45.764, lon: 4.8357 };

    #[test]
    fn paris_to_lyon() {
        assert!((PARIS.distance_m(LYON) - 391_500.0).abs() < 2_000.0);
        assert!((PARIS.bearing_deg(LYON) - 150.6).abs() < 1.0);
    }

    #[test]
    fn moving_there_and_measuring_agree() {
        let there = PARIS.moved(300.0, -400.0);
        assert!((PARIS.distance_m(there) - 500.0).abs() < 0.1);
    }

    #[test]
    fn square() {
        let square = Polygon::from_wkt("POLYGON((2 48, 2.01 48, 2.01 48.01, 2 48.01, 2 48))")
            .unwrap_or(Polygon { ring: vec![] });
        assert_eq!(square.ring.len(), 4);
        let centre = square.centroid();
        assert!((centre.lat - 48.005).abs() < 1e-5 && (centre.lon - 2.005).abs() < 1e-5);
        assert!(square.contains(centre));
        assert!(!square.contains(Point { lat: 48.02, lon: 2.005 }));
        assert!(square.grid(9).len() >= 9);
        assert_eq!(Polygon::from_wkt(&square.to_wkt()), Some(square));
    }
}
