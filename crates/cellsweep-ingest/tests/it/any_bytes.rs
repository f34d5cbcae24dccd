//! Whatever bytes come in, the answer is rows, rejects or a refusal; nothing panics or is lost.

use cellsweep_ingest::{FileReport, IngestError, IngestOptions, read_records_bytes, read_table_bytes};
use cellsweep_model::table::Table;
use proptest::prelude::*;

use crate::{GOOD, HEADER, bad_parquet};

const OPTIONS: IngestOptions = IngestOptions { threads: 1, chunk_rows: 7, max_line_bytes: 300 };

fn records(bytes: &[u8]) -> Result<FileReport, IngestError> {
    let (mut kept, mut rejected) = (0, 0);
    let report = read_records_bytes(
        bytes,
        &OPTIONS,
        &mut |chunk| {
            kept += chunk.len() as u64;
            Ok(())
        },
        &mut |_| {
            rejected += 1;
            Ok(())
        },
    )?;
    assert_eq!((report.rows.kept, report.rows.rejected_total(), report.rows.read), (kept, rejected, kept + rejected));
    Ok(report)
}

/// A few bytes of a file exchanged.
fn altered(mut bytes: Vec<u8>, changes: &[(prop::sample::Index, u8)]) -> Vec<u8> {
    for (place, byte) in changes {
        let at = place.index(bytes.len());
        bytes[at] = *byte;
    }
    bytes
}

fn changes() -> impl Strategy<Value = Vec<(prop::sample::Index, u8)>> {
    prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8)
}

proptest! {
    #[test]
    fn rows_of_any_bytes(body in prop::collection::vec(any::<u8>(), 0..400)) {
        let bytes = [HEADER.as_bytes(), b"\n", &body].concat();
        prop_assert!(records(&bytes).is_ok());
    }

    #[test]
    fn any_bytes_at_all(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = records(&bytes);
        for table in [Table::Sectors, Table::Facilities] {
            let _ = read_table_bytes(table, &bytes, &OPTIONS, &mut |_| Ok(()));
        }
    }

    #[test]
    fn csv_with_bytes_exchanged(changes in changes()) {
        let bytes = format!("{HEADER}\n{GOOD}\n{}\n{GOOD}\n", GOOD.replace("voice", "\"voice\"")).into_bytes();
        let _ = records(&altered(bytes, &changes));
    }

    #[test]
    fn compressed_with_bytes_exchanged(changes in changes()) {
        let text = format!("{HEADER}\n{GOOD}\n{GOOD}\n");
        let _ = records(&altered(crate::gzip(text.as_bytes()), &changes));
        let _ = records(&altered(zstd::encode_all(text.as_bytes(), 1).unwrap(), &changes));
    }

    #[test]
    fn parquet_with_bytes_exchanged(changes in changes()) {
        let rows = [GOOD.to_owned(), GOOD.replace("voice", "sms"), GOOD.to_owned()];
        let _ = records(&altered(bad_parquet::of_rows(&rows), &changes));
    }

    #[test]
    fn geojson_with_bytes_exchanged(changes in changes()) {
        let text = r#"{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"facility": "F1"},
            "geometry": {"type": "Polygon", "coordinates": [[[2, 48], [2.01, 48], [2.01, 48.01], [2, 48]]]}}]}"#;
        let bytes = altered(text.as_bytes().to_vec(), &changes);
        let _ = read_table_bytes(Table::Facilities, &bytes, &OPTIONS, &mut |_| Ok(()));
    }
}
