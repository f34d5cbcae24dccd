//! Whether a profile says something that can be done.

use cellsweep_model::table::{Column, Kind, Presence};

use crate::profile::time::{ZONE_ASKED, Zone};
use crate::profile::{ColumnSpec, FORMAT, Format, Profile, ProfileError, Reading, Virtual};

/// Refuses what contradicts itself, before a file is opened.
pub(super) fn check(profile: &Profile) -> Result<(), ProfileError> {
    if profile.format != FORMAT {
        let why = format!("this is a profile of format {}, and this version reads format {FORMAT}", profile.format);
        return Err(ProfileError::new(
            why,
            "use a newer cellsweep, or write the profile again with `cellsweep profile guess`",
        ));
    }
    let plain =
        |name: &str| !name.is_empty() && name.chars().all(|char| char.is_ascii_alphanumeric() || "-_.".contains(char));
    if !plain(&profile.name) {
        return Err(ProfileError::new("`name` may hold letters, digits and hyphens only", "rename it"));
    }
    times(profile)?;
    columns(profile)?;
    profile.virtuals.iter().try_for_each(virtual_column)?;
    joins(profile)?;
    layout(profile)
}

fn times(profile: &Profile) -> Result<(), ProfileError> {
    let is_time = |column: &&Column| column.kind == Kind::Time && profile.columns.contains_key(column.name);
    let Some(time) = &profile.time else {
        return match profile.table.columns().iter().find(is_time) {
            Some(column) => Err(ProfileError::new(
                format!("`{}` is a time, and no [time] says its zone", column.name),
                "add `[time]` with `zone = \"Europe/Paris\"`, an offset such as \"+04:00\", or \"in-value\" where each time carries its own; ask the sender if you don't know it",
            )),
            None => Ok(()),
        };
    };
    for zone in std::iter::once(&time.zone).chain(time.zones.values()) {
        if zone != ZONE_ASKED && Zone::parse(zone).is_none() {
            let why = if zone.is_empty() {
                "the zone is left open".to_owned()
            } else {
                format!("there is no time zone `{zone}`")
            };
            return Err(ProfileError::new(
                why,
                "say the zone: an IANA name such as Europe/Paris, an offset such as +04:00, or in-value; a wrong zone moves a phone from night to day",
            ));
        }
    }
    let formats = time.formats.iter().chain(profile.columns.values().flat_map(|column| &column.formats));
    for format in formats {
        Format::parse(format).map_err(|why| {
            ProfileError::new(why, "use %d %m %Y %y %b %H %I %M %S %.f %p %z, or one of rfc3339, unix, unix-ms, serial")
        })?;
    }
    Ok(())
}

fn columns(profile: &Profile) -> Result<(), ProfileError> {
    let known = profile.table.columns();
    for (name, spec) in &profile.columns {
        let Some(column) = known.iter().find(|column| column.name == name) else {
            let near = nearest(name, known.iter().map(|column| column.name));
            let why = format!("{} has no column `{name}`{}", profile.table.name(), is_it(near));
            return Err(ProfileError::new(why, "`cellsweep import --help` lists the columns of every table"));
        };
        if spec.from.is_some() == spec.value.is_some() {
            let why = format!("`{name}` needs either `from` or `value`, and not both");
            return Err(ProfileError::new(why, "name a column of the file, or say the one value that every row gets"));
        }
        fits(column, spec)?;
    }
    let given = |column: &&Column| {
        profile.columns.contains_key(column.name) || (column.name == "operator" && profile.operator.is_some())
    };
    match known.iter().filter(|column| column.presence == Presence::Required).find(|column| !given(column)) {
        Some(column) => Err(ProfileError::new(
            format!("`{}` must have a value, and the profile gives it none", column.name),
            format!(
                "add `{} = \"…\"` under [columns], or `{{ value = \"…\" }}` where every row has the same",
                column.name
            ),
        )),
        None => once_per(profile),
    }
}

/// What is asked of a column must suit its kind.
fn fits(column: &Column, spec: &ColumnSpec) -> Result<(), ProfileError> {
    let number = matches!(column.kind, Kind::Integer { .. } | Kind::Number { .. });
    let wrong = match spec {
        _ if !spec.formats.is_empty() && column.kind != Kind::Time => "formats",
        _ if spec.times.is_some() && !number => "times",
        _ if spec.round.is_some() && !number => "round",
        _ if matches!(spec.read, Some(Reading::Hms | Reading::Dms)) && !number => "read",
        _ if spec.country_from.is_some() && column.kind != Kind::Msisdn && column.name != "peer" => "country_from",
        _ => return Ok(()),
    };
    let why = format!("`{wrong}` makes no sense for `{}`", column.name);
    Err(ProfileError::new(why, "take it out, or name another column"))
}

fn once_per(profile: &Profile) -> Result<(), ProfileError> {
    match &profile.once_per {
        Some(name) if !profile.columns.contains_key(name) => Err(ProfileError::new(
            format!("`once_per` names `{name}`, which is not under [columns]"),
            "name a column of the contract that the profile fills",
        )),
        _ => Ok(()),
    }
}

fn virtual_column(made: &Virtual) -> Result<(), ProfileError> {
    let name = &made.name;
    let wrong = if name.is_empty() {
        "a [[virtual]] has no name".to_owned()
    } else if made.ways() != 1 {
        format!("virtual column `{name}` needs exactly one of join, first, split, cut, sector and of")
    } else if made.split.is_some()
        && (made.at.as_deref().unwrap_or("").is_empty() || made.part.is_none_or(|part| part == 0))
    {
        format!(
            "virtual column `{name}` needs `at`, what stands between the parts, and `part`, which one (1 is the first, -1 the last)"
        )
    } else if made.cut.is_some() && made.start.is_none_or(|start| start == 0) {
        format!("virtual column `{name}` needs `start`, the first character, from 1")
    } else if made
        .sector
        .as_ref()
        .is_some_and(|sector| sector.network.is_none() && (sector.mcc.is_none() || sector.mnc.is_none()))
    {
        format!("virtual column `{name}` needs `network`, or `mcc` and `mnc`")
    } else {
        return Ok(());
    };
    Err(ProfileError::new(wrong, "the book's chapter \"From operator's file to case\" has an example of each"))
}

fn joins(profile: &Profile) -> Result<(), ProfileError> {
    for join in &profile.joins {
        let wrong = if join.name.is_empty() || join.key.is_empty() || join.on.is_empty() {
            "a [[join]] needs `name`, `key` and `on`".to_owned()
        } else if join.file.as_ref().is_some_and(|file| file.contains(['/', '\\']) || file == "..") {
            format!("join `{}` names a file elsewhere", join.name)
        } else if join.file.is_none() && join.layout.is_none() {
            format!("join `{}` needs `file`, or `layout` with the sheet", join.name)
        } else {
            continue;
        };
        return Err(ProfileError::new(
            wrong,
            "a second file lies beside the main one, or is named with `--join NAME=FILE`",
        ));
    }
    Ok(())
}

fn layout(profile: &Profile) -> Result<(), ProfileError> {
    let layouts = std::iter::once(&profile.file).chain(profile.joins.iter().filter_map(|join| join.layout.as_ref()));
    for layout in layouts {
        let wrong = if layout.header == 0 && layout.names.is_empty() {
            "a file without header (`header = 0`) needs `names`".to_owned()
        } else if !layout.delimiter.is_ascii() || layout.delimiter == '"' || layout.delimiter == '\n' {
            "`delimiter` is one ASCII sign".to_owned()
        } else if layout
            .encoding
            .as_ref()
            .is_some_and(|name| encoding_rs::Encoding::for_label(name.as_bytes()).is_none())
        {
            format!("there is no encoding `{}`", layout.encoding.as_deref().unwrap_or_default())
        } else {
            continue;
        };
        return Err(ProfileError::new(wrong, "see [file] in the book's chapter \"From operator's file to case\""));
    }
    Ok(())
}

pub(super) fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let distance = |other: &str| strsim::damerau_levenshtein(&name.to_lowercase(), &other.to_lowercase());
    known
        .map(|other| (distance(other), other))
        .min()
        .filter(|(far, _)| far * 2 <= name.chars().count())
        .map(|(_, other)| other)
}

pub(super) fn is_it(near: Option<&str>) -> String {
    near.map_or_else(String::new, |near| format!(" (is it `{near}`?)"))
}

impl Profile {
    /// Every name of a column that the profile refers to.
    pub(crate) fn references(&self) -> impl Iterator<Item = &str> {
        let columns =
            self.columns.values().flat_map(|spec| spec.from.iter().chain(&spec.country_from)).map(String::as_str);
        let virtuals = self.virtuals.iter().flat_map(Virtual::inputs);
        let joins = self.joins.iter().map(|join| join.key.as_str());
        let skips = self.skip.iter().map(|skip| skip.column.as_str());
        let zone = self.time.iter().filter_map(|time| time.zone_from.as_deref());
        columns.chain(virtuals).chain(joins).chain(skips).chain(zone)
    }
}
