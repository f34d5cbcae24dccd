//! One configuration, and where each value comes from.

use crate::{Desk, Ended, Outcome};

#[test]
fn what_comes_later_wins_and_says_where_it_is_from() -> Outcome {
    let desk = Desk::new()?;
    desk.run(&["init", "case", "--exercise"])?.expect(0)?;
    std::fs::create_dir_all(desk.path("no-user-config/cellsweep"))?;
    std::fs::write(desk.path("no-user-config/cellsweep/cellsweep.toml"), "lang = \"fr\"\nthreads = 3\n")?;
    std::fs::write(desk.path("case/cellsweep.toml"), "# the case's\nthreads = 5\nthreshold = 0.5\n")?;
    std::fs::write(desk.path("named.toml"), "threshold = 0.25\n")?;
    let mut command =
        desk.command(&["config", "show", "--case", "case", "--config", "named.toml", "--memory", "1GiB", "--json"]);
    let ended = Ended::of(&command.env("CELLSWEEP_PRIOR", "0.001").output()?).expect(0)?;
    let shown = ended.json()?;
    let one = |key: &str| {
        format!("{} ({})", shown[key]["value"].as_str().unwrap_or("?"), shown[key]["from"].as_str().unwrap_or("?"))
    };
    assert_eq!(one("lang"), format!("fr ({}:1)", desk.path("no-user-config/cellsweep/cellsweep.toml").display()));
    assert_eq!(one("threads"), "5 (case/cellsweep.toml:2)");
    assert_eq!(one("threshold"), "0.25 (named.toml:1)");
    assert_eq!(one("prior"), "0.001 (CELLSWEEP_PRIOR)");
    assert_eq!(one("memory"), "1GiB (option)");
    Ok(())
}

#[test]
fn an_unknown_key_is_an_error_with_the_nearest_known_one() -> Outcome {
    let desk = Desk::new()?;
    desk.run(&["init", "case", "--exercise"])?.expect(0)?;
    std::fs::write(desk.path("case/cellsweep.toml"), "threads = 2\ntreshold = 0.5\n")?;
    let ended = desk.run(&["trace", "--case", "case"])?.expect(2)?;
    insta::assert_snapshot!(ended.err, @r"
    error: case/cellsweep.toml:2: unknown key `treshold`
      hint: did you mean `threshold`?
    ");
    Ok(())
}

#[test]
fn a_value_that_cannot_be_used_says_where_it_stands() -> Outcome {
    let desk = Desk::new()?;
    let ended = desk.run(&["config", "show", "--memory", "lots"])?.expect(2)?;
    insta::assert_snapshot!(ended.err, @r#"error: memory: "lots" can't be used (option): a size is a number with KiB, MiB, GiB, MB or GB, such as 512MiB"#);
    Ok(())
}
