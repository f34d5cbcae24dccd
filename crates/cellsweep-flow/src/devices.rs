//! The latest trace's devices, chosen and written as the contract says.

use std::io::Write;

use cellsweep_model::Device;
use cellsweep_model::FacilityId;
use cellsweep_store::Case;
use parquet::arrow::ArrowWriter;

use crate::FlowError;
use crate::trace::STEP;

/// The columns of `devices.csv`.
pub const DEVICE_COLUMNS: [&str; 14] = [
    "handset",
    "imei",
    "other_imeis",
    "facility",
    "log10_lr",
    "probability",
    "first_seen",
    "last_seen",
    "events",
    "days_present",
    "imsis",
    "in_ledger",
    "class",
    "cloned",
];

/// Which devices are asked for.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct DeviceFilter {
    /// Only this facility's.
    pub facility: Option<FacilityId>,
    /// Only from this probability on.
    pub min_probability: f64,
    /// At most so many.
    pub limit: Option<usize>,
}

/// The latest trace's devices, best first.
///
/// # Errors
/// When the case has not been traced or a file can't be read.
pub fn devices(case: &Case, filter: &DeviceFilter) -> Result<Vec<Device>, FlowError> {
    let mut devices = devices_where(case, |device| {
        device.probability >= filter.min_probability
            && filter.facility.as_ref().is_none_or(|facility| *facility == device.facility)
    })?;
    devices.truncate(filter.limit.unwrap_or(usize::MAX));
    Ok(devices)
}

/// Those that are `wanted`, which is asked before their findings are read.
pub(crate) fn devices_where(case: &Case, wanted: impl Fn(&Device) -> bool) -> Result<Vec<Device>, FlowError> {
    let run = case.latest_run(STEP).ok_or_else(|| FlowError::NotTraced { dir: case.dir().to_owned() })?;
    Ok(case.devices_of(run)?.read_where(wanted)?)
}

/// Writes devices as CSV: the same devices give the same bytes.
///
/// # Errors
/// When the output fails.
pub fn write_csv(devices: &[Device], out: &mut dyn Write) -> std::io::Result<()> {
    let mut writer = csv::Writer::from_writer(out);
    writer.write_record(DEVICE_COLUMNS)?;
    for device in devices {
        writer.write_record(fields(device))?;
    }
    writer.flush()
}

/// Numbers are written with every digit that tells them apart, so that the order stays.
fn fields(device: &Device) -> [String; 14] {
    let others: Vec<String> = device.other_imeis.iter().map(ToString::to_string).collect();
    [
        device.handset.clone(),
        device.imei.map(|imei| imei.to_string()).unwrap_or_default(),
        others.join(" "),
        device.facility.to_string(),
        device.log10_lr.to_string(),
        device.probability.to_string(),
        timestamp(device.first_seen),
        timestamp(device.last_seen),
        device.events.to_string(),
        device.days_present.to_string(),
        device.imsis.to_string(),
        device.in_ledger.to_string(),
        device.class.word().to_owned(),
        device.cloned.to_string(),
    ]
}

/// RFC 3339 in UTC; blank outside the years that it can write.
pub fn timestamp(micros: i64) -> String {
    jiff::Timestamp::from_microsecond(micros).map(|time| time.to_string()).unwrap_or_default()
}

/// Writes devices as Parquet.
///
/// # Errors
/// When the output fails.
pub fn write_parquet(devices: &[Device], out: &mut (dyn Write + Send)) -> std::io::Result<()> {
    let batch = cellsweep_store::devices_batch(devices).map_err(std::io::Error::other)?;
    let mut writer = ArrowWriter::try_new(out, batch.schema(), None).map_err(std::io::Error::other)?;
    writer.write(&batch).map_err(std::io::Error::other)?;
    writer.close().map_err(std::io::Error::other)?;
    Ok(())
}
