//! Makes one world: `--seed N --facilities N --days N --records N --shape everything|sectors|imeis --kind A|B|C|D --out DIR`.

use std::path::PathBuf;

use cellsweep_world::{Shape, WorldKind, WorldSettings, generate};

#[expect(clippy::print_stdout, reason = "an example speaks to whoever runs it")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut settings = WorldSettings::default();
    let mut out = PathBuf::from("world");
    let args: Vec<String> = std::env::args().skip(1).collect();
    for pair in args.chunks(2) {
        let [name, value] = pair else { return Err("every option takes a value".into()) };
        match name.as_str() {
            "--seed" => settings.seed = value.parse()?,
            "--facilities" => settings.facilities = value.parse()?,
            "--days" => settings.days = value.parse()?,
            "--records" => settings.records = value.parse()?,
            "--shape" => settings.shape = shape(value)?,
            "--kind" => settings.kind = kind(value)?,
            "--out" => out = PathBuf::from(value),
            other => return Err(format!("unknown option {other}").into()),
        }
    }
    let start = std::time::Instant::now();
    let summary = generate(&settings, &out, &|_| {})?;
    println!("{summary:#?}\n{:.1} s", start.elapsed().as_secs_f64());
    Ok(())
}

fn kind(text: &str) -> Result<WorldKind, String> {
    match text {
        "A" => Ok(WorldKind::A),
        "B" => Ok(WorldKind::B),
        "C" => Ok(WorldKind::C),
        "D" => Ok(WorldKind::D),
        other => Err(format!("no kind `{other}`")),
    }
}

fn shape(name: &str) -> Result<Shape, String> {
    match name {
        "everything" => Ok(Shape::Everything),
        "sectors" => Ok(Shape::PrisonSectors),
        "imeis" => Ok(Shape::ImeiList),
        other => Err(format!("unknown shape {other}")),
    }
}
