//! One handset with everything that its weight is made of.

use cellsweep_model::{Device, Imei};
use cellsweep_store::Case;

use crate::FlowError;
use crate::devices::devices_where;

/// The rows of a handset in the latest trace, by an IMEI in any of its forms or by its handset
/// key; one for each facility and, of a cloned IMEI, each handset.
///
/// # Errors
/// When there is none, or the case has not been traced.
pub fn explain(case: &Case, asked: &str) -> Result<Vec<Device>, FlowError> {
    let imei: Option<Imei> = asked.parse().ok();
    let is_it = |device: &Device| {
        device.handset == asked
            || imei.is_some_and(|imei| device.imei == Some(imei) || device.other_imeis.contains(&imei))
    };
    let found = devices_where(case, is_it)?;
    if found.is_empty() {
        return Err(FlowError::NoSuchDevice { asked: asked.to_owned() });
    }
    Ok(found)
}
