//! A run's devices: one Parquet file with the contract's columns and, beside them, the findings.

use std::path::Path;
use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray, BooleanArray, Float64Array, Int64Array, RecordBatch, StringArray,
    TimestampMicrosecondArray,
};
use arrow::datatypes::{DataType, Field, Float64Type, Int64Type, Schema, TimeUnit, TimestampMicrosecondType};
use arrow::error::ArrowError;
use cellsweep_model::rows::DeviceClass;
use cellsweep_model::{Device, Finding, Imei};
use cellsweep_vault::Keeping;

use crate::{Folder, StoreError, table};

pub(crate) const FILE: &str = "devices.parquet";
const FINDINGS: &str = "findings";

/// The contract's table of devices.
///
/// # Errors
/// When Arrow refuses the columns: a mistake here.
pub fn devices_batch(devices: &[Device]) -> Result<RecordBatch, ArrowError> {
    let texts =
        |pick: fn(&Device) -> String| -> ArrayRef { Arc::new(StringArray::from_iter_values(devices.iter().map(pick))) };
    let integers =
        |pick: fn(&Device) -> i64| -> ArrayRef { Arc::new(Int64Array::from_iter_values(devices.iter().map(pick))) };
    let numbers =
        |pick: fn(&Device) -> f64| -> ArrayRef { Arc::new(Float64Array::from_iter_values(devices.iter().map(pick))) };
    let times = |pick: fn(&Device) -> i64| -> ArrayRef {
        Arc::new(TimestampMicrosecondArray::from_iter_values(devices.iter().map(pick)).with_timezone("UTC"))
    };
    let flags = |pick: fn(&Device) -> bool| -> ArrayRef {
        Arc::new(BooleanArray::from(devices.iter().map(pick).collect::<Vec<_>>()))
    };
    let imeis: StringArray = devices.iter().map(|device| device.imei.map(|imei| imei.to_string())).collect();
    let columns: Vec<ArrayRef> = vec![
        texts(|device| device.handset.clone()),
        Arc::new(imeis),
        texts(|device| spaced(&device.other_imeis)),
        texts(|device| device.facility.to_string()),
        numbers(|device| device.log10_lr),
        numbers(|device| device.probability),
        times(|device| device.first_seen),
        times(|device| device.last_seen),
        integers(|device| device.events.cast_signed()),
        integers(|device| i64::from(device.days_present)),
        integers(|device| i64::from(device.imsis)),
        flags(|device| device.in_ledger),
        texts(|device| device.class.word().to_owned()),
        flags(|device| device.cloned),
    ];
    RecordBatch::try_new(Arc::new(Schema::new(fields())), columns)
}

fn fields() -> Vec<Field> {
    let time = DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()));
    let must = |name: &str, data_type: DataType| Field::new(name, data_type, false);
    vec![
        must("handset", DataType::Utf8),
        Field::new("imei", DataType::Utf8, true),
        must("other_imeis", DataType::Utf8),
        must("facility", DataType::Utf8),
        must("log10_lr", DataType::Float64),
        must("probability", DataType::Float64),
        must("first_seen", time.clone()),
        must("last_seen", time),
        must("events", DataType::Int64),
        must("days_present", DataType::Int64),
        must("imsis", DataType::Int64),
        must("in_ledger", DataType::Boolean),
        must("class", DataType::Utf8),
        must("cloned", DataType::Boolean),
    ]
}

fn spaced(imeis: &[Imei]) -> String {
    imeis.iter().map(Imei::to_string).collect::<Vec<_>>().join(" ")
}

/// Writes devices with their findings.
pub(crate) fn write(keeping: &Keeping, path: &Path, devices: &[Device]) -> Result<(), StoreError> {
    let batch = devices_batch(devices).map_err(StoreError::table(path))?;
    let mut findings = Vec::with_capacity(devices.len());
    for device in devices {
        findings.push(serde_json::to_string(&device.findings).map_err(StoreError::table(path))?);
    }
    let mut all_fields = fields();
    all_fields.push(Field::new(FINDINGS, DataType::Utf8, false));
    let mut columns = batch.columns().to_vec();
    columns.push(Arc::new(StringArray::from(findings)));
    let whole = RecordBatch::try_new(Arc::new(Schema::new(all_fields)), columns).map_err(StoreError::table(path))?;
    table::write(keeping, path, &whole)
}

/// Where a run's devices lie.
#[derive(Debug, Clone)]
pub struct RunDevices {
    folder: Folder,
}

impl RunDevices {
    pub(crate) fn in_folder(folder: Folder) -> Self {
        Self { folder }
    }

    /// Every device with its findings, best first.
    ///
    /// # Errors
    /// When the file can't be read or isn't what was written.
    pub fn read(&self) -> Result<Vec<Device>, StoreError> {
        self.read_where(|_every| true)
    }

    /// Those that are `wanted`, best first; it is asked before a device's findings are read, which are most of the work.
    ///
    /// # Errors
    /// As [`RunDevices::read`].
    pub fn read_where(&self, wanted: impl Fn(&Device) -> bool) -> Result<Vec<Device>, StoreError> {
        let mut devices = Vec::new();
        let path = self.folder.dir().join(FILE);
        for batch in table::read(self.folder.keeping(), &path)? {
            let columns = Columns { batch: &batch };
            for row in 0..batch.num_rows() {
                let mut device = columns.device(row).map_err(StoreError::table(&path))?;
                if wanted(&device) {
                    device.findings = columns.findings(row).map_err(StoreError::table(&path))?;
                    devices.push(device);
                }
            }
        }
        Ok(devices)
    }
}

/// Reads the columns back by name.
struct Columns<'a> {
    batch: &'a RecordBatch,
}

impl Columns<'_> {
    /// A device without its findings.
    fn device(&self, row: usize) -> Result<Device, String> {
        let class = self.text("class", row)?;
        Ok(Device {
            handset: self.text("handset", row)?.to_owned(),
            imei: self.imeis("imei", row)?.into_iter().next(),
            other_imeis: self.imeis("other_imeis", row)?,
            facility: self.text("facility", row)?.parse().map_err(|error| format!("facility, row {row}: {error}"))?,
            log10_lr: self.number("log10_lr", row)?,
            probability: self.number("probability", row)?,
            first_seen: self.time("first_seen", row)?,
            last_seen: self.time("last_seen", row)?,
            events: self.integer("events", row)?.cast_unsigned(),
            days_present: self.small("days_present", row)?,
            imsis: self.small("imsis", row)?,
            in_ledger: self.flag("in_ledger", row)?,
            class: DeviceClass::from_word(class).unwrap_or(DeviceClass::Unknown),
            cloned: self.flag("cloned", row)?,
            findings: Vec::new(),
        })
    }

    fn column(&self, name: &str) -> Result<&dyn Array, String> {
        self.batch.column_by_name(name).map(AsRef::as_ref).ok_or_else(|| format!("column {name} is missing"))
    }

    /// Blank reads as "".
    fn text(&self, name: &str, row: usize) -> Result<&str, String> {
        let column = self.column(name)?.as_string_opt::<i32>().ok_or_else(|| wrong_type(name))?;
        Ok(if column.is_null(row) { "" } else { column.value(row) })
    }

    fn imeis(&self, name: &str, row: usize) -> Result<Vec<Imei>, String> {
        let parse = |text: &str| text.parse().map_err(|error| format!("{name}, row {row}: {error}"));
        self.text(name, row)?.split_whitespace().map(parse).collect()
    }

    fn number(&self, name: &str, row: usize) -> Result<f64, String> {
        let column = self.column(name)?.as_primitive_opt::<Float64Type>().ok_or_else(|| wrong_type(name))?;
        Ok(column.value(row))
    }

    fn integer(&self, name: &str, row: usize) -> Result<i64, String> {
        let column = self.column(name)?.as_primitive_opt::<Int64Type>().ok_or_else(|| wrong_type(name))?;
        Ok(column.value(row))
    }

    fn small(&self, name: &str, row: usize) -> Result<u32, String> {
        self.integer(name, row)?.try_into().map_err(|error| format!("{name}, row {row}: {error}"))
    }

    fn time(&self, name: &str, row: usize) -> Result<i64, String> {
        let column =
            self.column(name)?.as_primitive_opt::<TimestampMicrosecondType>().ok_or_else(|| wrong_type(name))?;
        Ok(column.value(row))
    }

    fn flag(&self, name: &str, row: usize) -> Result<bool, String> {
        let column = self.column(name)?.as_boolean_opt().ok_or_else(|| wrong_type(name))?;
        Ok(column.value(row))
    }

    fn findings(&self, row: usize) -> Result<Vec<Finding>, String> {
        serde_json::from_str(self.text(FINDINGS, row)?).map_err(|error| format!("findings, row {row}: {error}"))
    }
}

fn wrong_type(name: &str) -> String {
    format!("column {name} is not of the type it was written in")
}
